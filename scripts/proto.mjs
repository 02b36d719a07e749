// Regenerates src/model/gen/onnx_pb.ts from src/model/onnx.proto. Not part of a build: run it after editing the .proto file.
// Needs protoc (Debian: protobuf-compiler) on the PATH and Node 22 or later, which the generator asks for.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './lib/root.mjs';

/** The generator's version is the runtime's: generated code and library belong together. */
const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'node_modules/@bufbuild/protobuf/package.json'), 'utf8'));

const major = Number(process.versions.node.split('.')[0]);
if (major < 22) throw new Error(`protoc-gen-es ${version} needs Node 22 or later; this is ${process.version}.`);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-proto-'));
try {
  execFileSync('npm', ['install', '--no-save', '--no-package-lock', '--prefix', folder, `@bufbuild/protoc-gen-es@${version}`], { stdio: 'inherit' });
  // protoc starts the plugin by its shebang: put the Node that runs this script first
  const env = { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}` };
  execFileSync(
    'protoc',
    [
      `--plugin=protoc-gen-es=${path.join(folder, 'node_modules/.bin/protoc-gen-es')}`,
      '--proto_path=src/model',
      '--es_out=src/model/gen',
      '--es_opt=target=ts',
      'onnx.proto',
    ],
    { cwd: ROOT, env, stdio: 'inherit' },
  );
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
