// Modules of Node that are loaded when something of them is used: those of processes and digests cost a command some 10 ms at its start, and most never use them.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const NAMESPACE = 'late-builtin';

/** For esbuild: `import { createHash } from 'node:crypto'` loads `node:crypto` when `createHash` is used for the first time. @param names as they are imported */
export function lateBuiltins(...names) {
  const filter = new RegExp(`^(?:${names.join('|')})$`);
  return {
    name: 'late-builtins',
    setup(build) {
      build.onResolve({ filter }, ({ path, namespace }) => (namespace === NAMESPACE ? { path, external: true } : { path, namespace: NAMESPACE }));
      build.onLoad({ filter, namespace: NAMESPACE }, ({ path }) => ({ contents: lateModule(path), loader: 'js' }));
    },
  };
}

/** A getter for each name: what imports the module copies names, not values. */
function lateModule(name) {
  const getters = Object.keys(require(name)).map((key) => `get ${key}() { return load().${key}; },`);
  return `let made;\nconst load = () => (made ??= require(${JSON.stringify(name)}));\nmodule.exports = {\n${getters.join('\n')}\n};\n`;
}
