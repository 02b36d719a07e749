import { Command, CommanderError } from 'commander';
import { Problem, asProblem } from '../engine/problem';
import { CONFIG_FILE } from '../project/configFile';
import { CORRUPTIONS } from '../check/compare/corrupt';
import type { CheckArguments } from './check';
import type { CorruptArguments } from './corrupt';
import type { DecodeArguments } from './decode';
import type { Terminal } from './terminal';
import { EXIT, reportProblems } from './terminal';

const EXIT_CODES = `
Exit codes:
  0    done
  1    finding: the data is not as it should be (overflow, codes out of range, failed self-check, errors or warnings of lint, a dump that differs)
  2    usage or input error: command line, configuration, unreadable or unsuitable file, a dump that cannot be compared
  3    TileScope itself failed
  130  interrupted (Ctrl-C)`;

/** Runs one command line and gives its exit code. Never exits the process and never throws. */
export async function run(args: readonly string[], version: string, terminal: Terminal): Promise<number> {
  let code: number = EXIT.done;
  const ends = (action: Promise<number>): Promise<void> =>
    action.then((result) => {
      code = result;
    });
  const program = build(version, terminal, ends);
  try {
    if (args.length === 0) throw new Problem('usage', 'No command was given.', 'Run "tilescope --help" for the commands.');
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // commander has printed its message already; help and version end with code 0
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return reportProblems(terminal, [asProblem(error)], args.includes('--json'));
  }
}

// The code of a command is loaded when it is run: comparing files needs nothing of what reads models
function build(version: string, terminal: Terminal, ends: (action: Promise<number>) => Promise<void>): Command {
  const program = new Command('tilescope')
    .description('Golden vectors of quantised convolutions on a systolic array.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => { terminal.out(text.trimEnd()); }, writeErr: (text) => { terminal.err(text.trimEnd()); } })
    .showHelpAfterError('Run with --help for the options and examples.')
    .addHelpText('after', EXIT_CODES);

  const command = (usage: string, description: string, examples: readonly string[]): Command =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print the result, or the problems, as JSON on standard output', false)
      .option('--verbose', 'print the stack behind a problem', false)
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ tilescope ${example}`).join('\n')}\n${EXIT_CODES}`);

  command('generate [entries...]', `write the golden files of all entries of ${CONFIG_FILE}, or of those named`, ['generate', 'generate conv5 --json', 'generate --config examples/digits', 'generate conv5 --overwrite'])
    .option('-c, --config <path>', `the configuration, or the folder that holds ${CONFIG_FILE}`, '.')
    .option('--overwrite', 'replace files that TileScope did not write, or that were edited since', false)
    .action((entries: string[], options: { config: string; overwrite: boolean; json: boolean; verbose: boolean }) => ends(import('./generate').then(({ runGenerate }) => runGenerate(terminal, { entries, ...options }))));

  command('layers <model>', 'list the convolution layers of an ONNX model: shape, quantiser, bits, alphas, and why one cannot be mapped', ['layers model.onnx', 'layers model.onnx --json'])
    .action((model: string, options: { json: boolean; verbose: boolean }) => ends(import('./layers').then(({ runLayers }) => runLayers(terminal, { model, ...options }))));

  command('evaluate', 'accuracy of a model over a labelled set', ['evaluate --model model.onnx --images images.npy --labels labels.npy'])
    .requiredOption('--model <file>', 'ONNX model with one input and class scores as output')
    .requiredOption('--images <file>', '.npy float [N,C,H,W]')
    .requiredOption('--labels <file>', '.npy integers [N]')
    .action((options: { model: string; images: string; labels: string; json: boolean; verbose: boolean }) => ends(import('./evaluate').then(({ runEvaluate }) => runEvaluate(terminal, options))));
  command('decode <file>', 'show the words of a golden file as numbers with their coordinates', ['decode weight_kij3.txt', 'decode psum.txt --csv', 'decode out.txt --bits 16 --signed --json'])
    .option('--csv', 'print one row a word: line, word, coordinates, text, value, defect', false)
    .option('--bits <number>', 'bits of a word, instead of what the file looks like')
    .option('--signed', "two's complement")
    .option('--unsigned', 'no sign')
    .option('--radix <radix>', 'binary, hex or decimal')
    .option('--kind <kind>', 'activation, weight, psum, out or address')
    .action((file: string, options: Omit<DecodeArguments, 'file'>) => ends(import('./decode').then(({ runDecode }) => runDecode(terminal, { file, ...options }))));

  command('lint <paths...>', 'find what is wrong with golden files: malformed words, headers that lie, missing files, stale sets', ['lint golden', 'lint psum.txt files.f', 'lint . --json'])
    .action((paths: string[], options: { json: boolean; verbose: boolean }) => ends(import('./lint').then(({ runLint }) => runLint(terminal, { paths, ...options }))));

  command('check [paths...]', `compare dumps of a simulation with golden data: GOLDEN... DUMP, or the "checks" of ${CONFIG_FILE}`, ['check psum.txt pmem.memb.txt', 'check golden pmem.memh.txt --kind psum', 'check out.txt wave.vcd --signal sfp_out --clock clk --valid ofifo_valid', 'check --layer conv5 pmem.txt --map "kij*64+nij+1"', 'check --junit report.xml --sarif report.sarif'])
    .option('-c, --config <path>', `the configuration, or the folder that holds ${CONFIG_FILE} (default: the one here)`)
    .option('--only <names...>', 'these checks of the configuration only')
    .option('--layer <name>', 'compare with this layer of the configuration, computed')
    .option('--kind <kind>', 'psum, out, activation, weight or address')
    .option('--bits <number>', 'bits of a word, instead of what the golden files look like')
    .option('--signed', "two's complement")
    .option('--unsigned', 'no sign')
    .option('--relu', 'outputs of a layer or a folder: compare with those after ReLU')
    .option('--no-relu', 'compare with those before ReLU')
    .option('--ic-tile <number>', 'the dump holds this ic tile alone (default: as its name says, psum_itile1.txt)')
    .option('--oc-tile <number>', 'the dump holds this oc tile alone (default: as its name says, out_otile1.txt)')
    .option('--map <map>', 'how addresses become coordinates: "kij,nij" or "kij*64+nij+1", with ": col desc" for the words')
    .option('--range <first:last>', 'addresses of a dump of a part of the memory, as given to $writememh')
    .option('--signal <name>', 'DUMP is a VCD file: the signal to compare')
    .option('--clock <name>', 'sample it on the rising edges of this signal')
    .option('--valid <name>', 'sample it only while this signal is 1')
    .option('--max <number>', 'mismatches to list (default 100; 10 in text)')
    .option('--junit <file>', 'write a JUnit XML report')
    .option('--sarif <file>', 'write a SARIF 2.1.0 report')
    .action((paths: string[], options: Omit<CheckArguments, 'paths'>) => ends(import('./check').then(({ runCheckCommand }) => runCheckCommand(terminal, { paths, ...options }, version))));

  command('corrupt <golden>', 'write a golden file with one planted defect, which a test bench must reject, and the truth beside it', ['corrupt psum.txt -o bad/psum.txt --how one-word', 'corrupt out.txt -o out_bad.txt --how wrong-sign --seed 7'])
    .requiredOption('-o, --output <file>', 'the file to write; FILE.truth.json beside it says what is wrong')
    .option('--how <how>', Object.keys(CORRUPTIONS).join(', '), 'one-word')
    .option('--seed <number>', 'which of the many places', '0')
    .action((golden: string, options: Omit<CorruptArguments, 'golden'>) => ends(import('./corrupt').then(({ runCorrupt }) => runCorrupt(terminal, { golden, ...options }))));

  return program;
}
