// How times grow: with the channels and the image of a layer, and with the size of a file. Equal work a value gives a straight line of slope 1.
import { layerOf, psumCount, sumsOf } from './layers.mjs';
import { timesOf } from './measure.mjs';
import { psumText } from './text.mjs';

const CHANNELS = [16, 32, 64, 128, 256, 512];
const SIDES = [4, 8, 16, 32, 64, 128];
/** Input pixels of a psum file of 9 kernel positions, 129 bytes a line. */
const PIXELS = [100, 1000, 10_000, 100_000];

/** Best times of each curve: what grows, its sizes, and milliseconds. */
export async function growthOf(library) {
  const layers = async (name, sizes, shape) => {
    const points = [];
    for (const size of sizes) {
      const layer = layerOf(library, shape(size));
      const best = async (sums) => (await timesOf(() => sumsOf(sums(layer), layer), { least: 3, budget: 400 }))[0];
      points.push({ size, values: psumCount(layer), times: { vectors: await best((one) => library.simdTileSums(one, true)), plain: await best(library.plainTileSums) } });
    }
    return { name, unit: 'psums', points };
  };
  const files = [];
  for (const nijs of PIXELS) {
    const { layout, source, text } = psumText(library, 'binary', nijs);
    const best = async (work) => (await timesOf(work, { least: 3, budget: 400 }))[0];
    files.push({ size: `${Number((text.length / 1e6).toPrecision(2))} MB`, values: text.length, times: { write: await best(() => library.encode(layout, source)), read: await best(() => library.decode(layout, text)) } });
  }
  return [
    await layers('channels, in and out, of a 16x16 image', CHANNELS, (channels) => [channels, channels, 16]),
    await layers('side of the image, 64 to 64 channels', SIDES, (side) => [64, 64, side]),
    { name: 'size of a psum file', unit: 'bytes', points: files },
  ];
}

export function growthTables(curves) {
  return curves.map(({ name, unit, points }) => {
    const series = Object.keys(points[0].times);
    const rows = points.map(({ size, values, times }) => `| ${size} | ${values} | ${series.map((one) => `${times[one].toPrecision(3)} ms | ${((1e6 * times[one]) / values).toPrecision(2)} ns`).join(' | ')} |`);
    return `| ${name} | ${unit} | ${series.map((one) => `${one} | each`).join(' | ')} |\n|${'---|'.repeat(2 + 2 * series.length)}\n${rows.join('\n')}`;
  }).join('\n\n');
}

const [WIDTH, HEIGHT, LEFT, TOP] = [300, 220, 46, 26];
const COLOURS = ['#c8640a', '#2f6fb0'];

/** The same drawn, both axes by powers of ten; colours that a light and a dark page both show. */
export function growthPicture(curves) {
  const charts = curves.map((curve, i) => `<g transform="translate(${i * (WIDTH + 20)} 0)">${chart(curve)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${curves.length * (WIDTH + 20)} ${HEIGHT + 50}" font-family="sans-serif" font-size="11" fill="#808080">${charts.join('')}</svg>\n`;
}

function chart({ name, unit, points }) {
  const series = Object.keys(points[0].times);
  const times = points.flatMap((point) => series.map((one) => point.times[one]));
  const x = axis(points.map(({ values }) => values), LEFT, WIDTH);
  const y = axis(times, HEIGHT, TOP);
  const grid = (ticks, line, label) => ticks.map((tick) => line(tick) + label(tick)).join('');
  const lines = series.map((one, i) => {
    const spots = points.map(({ values, times: own }) => [x.at(values), y.at(own[one])]);
    return `<polyline fill="none" stroke="${COLOURS[i]}" stroke-width="2" points="${spots.map((spot) => spot.map((value) => value.toFixed(1)).join(',')).join(' ')}"/>${spots.map(([cx, cy]) => `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="3" fill="${COLOURS[i]}"/>`).join('')}<text x="${LEFT + 8}" y="${TOP + 14 + 14 * i}" fill="${COLOURS[i]}">${one}</text>`;
  });
  return `<text x="${LEFT}" y="14">${name}: ms by ${unit}</text>${grid(x.ticks, (tick) => `<path d="M${x.at(tick)} ${TOP}V${HEIGHT}" stroke="#80808040"/>`, (tick) => `<text x="${x.at(tick)}" y="${HEIGHT + 16}" text-anchor="middle">${short(tick)}</text>`)}${grid(y.ticks, (tick) => `<path d="M${LEFT} ${y.at(tick)}H${WIDTH}" stroke="#80808040"/>`, (tick) => `<text x="${LEFT - 6}" y="${y.at(tick) + 4}" text-anchor="end">${short(tick)}</text>`)}${lines.join('')}`;
}

/** Powers of ten around some values, and where a value stands between two ends. */
function axis(values, from, to) {
  const [low, high] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return { at: (value) => Number((from + ((Math.log10(value) - low) / (high - low)) * (to - from)).toFixed(1)), ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) };
}

function short(value) {
  return value >= 1e9 ? `${value / 1e9} G` : value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : String(Number(value.toPrecision(1)));
}
