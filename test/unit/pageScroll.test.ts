import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lastTop, reveal, thumb, topAt, within } from '../../webview/pages/scroll';
import { statusText } from '../../webview/pages/statusText';

const SEED = 20_261_121;
const bars = fc.record({ track: fc.integer({ min: 50, max: 2000 }), lines: fc.integer({ min: 0, max: 2 ** 40 }), visible: fc.integer({ min: 1, max: 100 }) });

describe('the scroll bar of large files', () => {
  it('the thumb stays in the track, and its ends are the ends of the file', () => {
    fc.assert(
      fc.property(bars, fc.double({ min: 0, max: 1, noNaN: true }), (bar, share) => {
        const shown = thumb(bar, Math.floor(share * lastTop(bar)));
        assert.equal(shown === undefined, bar.lines <= bar.visible);
        if (shown === undefined) return;
        assert.ok(shown.start >= 0 && shown.start + shown.length <= bar.track && shown.length >= Math.min(24, bar.track));
        assert.deepEqual([thumb(bar, 0)?.start, thumb(bar, lastTop(bar))?.start], [0, bar.track - shown.length]);
        assert.deepEqual([topAt(bar, -5), topAt(bar, bar.track)], [0, lastTop(bar)]);
      }),
      { seed: SEED },
    );
  });

  it('a thumb that is put where it stands stands there', () => {
    fc.assert(
      fc.property(bars, fc.nat(2000), (bar, start) => {
        const top = topAt(bar, start);
        assert.equal(top, within(bar, top));
        const again = thumb(bar, top);
        // Fewer lines than pixels: the nearest line
        if (again !== undefined && lastTop(bar) > bar.track) assert.ok(Math.abs(again.start - Math.min(start, bar.track - again.length)) <= 1);
      }),
      { seed: SEED },
    );
  });

  it('a line that is revealed is in view, and one in view moves nothing', () => {
    fc.assert(
      fc.property(bars, fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (bar, line, top) => {
        if (bar.lines === 0) return;
        const wanted = Math.floor(line * bar.lines);
        const from = within(bar, top * bar.lines);
        const shown = reveal(bar, from, wanted);
        assert.ok(wanted >= shown && wanted < shown + bar.visible);
        if (wanted >= from && wanted < from + bar.visible) assert.equal(shown, from);
      }),
      { seed: SEED },
    );
  });

  it('says how much of a file is known', () => {
    const info = { name: 'a', size: 10_737_418_240, lines: 83_235_802, counted: true, regular: true, checked: 4_624_089_843, columns: { text: 1, values: 1 } };
    assert.equal(statusText(info), '83\u202f235\u202f802 lines · 10.7 GB · equal lines, 43 % looked at');
    assert.equal(statusText({ ...info, counted: false, regular: false, size: 900, checked: 90, lines: 12 }), '12 lines so far · 900 bytes · finding the lines, 10 % looked at');
    assert.equal(statusText({ ...info, regular: false, checked: info.size, size: info.size, lines: 1 }), '1 lines · 10.7 GB · lines of different length');
  });
});
