import tseslint from 'typescript-eslint';

/** Floors from the ground up: a file may import from its own floor and from those before it. */
export const FLOORS = [
  ['engine'],
  ['vectors'],
  ['protocol'],
  ['model', 'check'],
  ['project'],
  ['worker'],
  ['extension', 'cli'],
];

/** Floors that are pure arithmetic and text: they run unchanged in a worker, a webview and a browser. */
export const PURE = ['engine', 'vectors', 'check', 'protocol'];

const NODE_AND_VSCODE = ['vscode', 'node:*', 'fs', 'fs/*', 'path', 'os', 'child_process', 'worker_threads', 'crypto', 'stream', 'util', 'onnxruntime-node'];

/** What a folder of floor `index` must not import: the floors above it and its neighbours on the same one. */
function forbiddenFor(folder, index) {
  const above = FLOORS.slice(index + 1).flat();
  const neighbours = FLOORS[index].filter((other) => other !== folder);
  const folders = [...above, ...neighbours].map((name) => `**/${name}/**`);
  const groups = [
    { group: folders, message: 'Imports go down only: see ARCHITECTURE.md, "Floors".' },
    { group: ['**/webview/**'], message: 'The page of the inspector stands apart: messages are all that it shares.' },
  ];
  if (PURE.includes(folder)) groups.push({ group: NODE_AND_VSCODE, message: `src/${folder} is pure: no vscode, no Node, no DOM.` });
  else if (folder !== 'extension') groups.push({ group: ['vscode'], message: "Only src/extension imports 'vscode'." });
  return groups.filter(({ group }) => group.length > 0);
}

const floorRules = FLOORS.flatMap((folders, index) =>
  folders.map((folder) => ({
    files: [`src/${folder}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: forbiddenFor(folder, index) }],
      ...(PURE.includes(folder) && {
        'no-restricted-globals': ['error', 'process', 'Buffer', 'document', 'window', 'require', 'setTimeout', 'setImmediate', 'console', 'fetch', 'performance'],
      }),
    },
  })),
);

/** What the page of the inspector may use of src: what runs in a browser. */
const PAGE_MAY = ['engine', 'vectors', 'protocol'];
const pageRules = {
  files: ['webview/**/*.ts'],
  languageOptions: { parserOptions: { project: './webview/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: FLOORS.flat().filter((folder) => !PAGE_MAY.includes(folder)).map((folder) => `**/src/${folder}/**`), message: 'The page uses src/engine, src/vectors and src/protocol only.' },
          { group: NODE_AND_VSCODE, message: 'The page runs in a browser.' },
        ],
      },
    ],
    // Custom elements and the toolkit are known to one module, so that they can be exchanged
    'no-restricted-syntax': ['error', { selector: "ImportDeclaration[source.value=/webview-ui-toolkit|fast-/]", message: 'Only webview/controls.ts knows the toolkit.' }],
    'no-restricted-properties': ['error', ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({ property, message: 'Text becomes nodes through lit, which escapes it.' }))],
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', 'src/model/gen/'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Typed arrays are read with an index that the loop bounds: `a[i]!` says so where the compiler cannot know it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 330, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  ...floorRules,
  pageRules,
  { files: ['webview/controls.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // mocha's describe/it return promises that mocha itself awaits
      '@typescript-eslint/no-floating-promises': 'off',
      'no-console': 'off',
    },
  },
);
