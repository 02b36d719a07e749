/** How many bytes of a file {@link describeContent} looks at. */
const HEAD = 512;

/**
 * Says what a file looks like when it is not what was expected, from its first bytes: "a PyTorch checkpoint (.pt)".
 * @returns undefined when nothing known is recognised
 */
export function describeContent(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'an empty file';
  const head = bytes.subarray(0, HEAD);
  // latin1: one character a byte, so that positions and escapes below are byte positions and byte values
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  return SIGNATURES.find(({ test }) => test(text))?.name ?? describeText(text);
}

const SIGNATURES: readonly { name: string; test: (text: string) => boolean }[] = [
  { name: 'a NumPy array (.npy)', test: (text) => text.startsWith('\x93NUMPY') },
  { name: 'a PyTorch checkpoint (.pt, .pth)', test: (text) => isZip(text) && /data\.pkl|constants\.pkl|\.data\/|\/version/.test(text) },
  { name: 'a NumPy archive of several arrays (.npz)', test: (text) => isZip(text) && text.includes('.npy') },
  { name: 'a zip archive', test: isZip },
  { name: 'a Python pickle (an old PyTorch checkpoint, or numpy.save of objects)', test: (text) => /^\x80[\x02-\x05]/.test(text) },
  { name: 'a TensorFlow Lite model', test: (text) => text.slice(4, 8) === 'TFL3' },
  { name: 'a model in ONNX Runtime\'s own format (.ort)', test: (text) => text.slice(4, 8) === 'ORTM' },
  { name: 'an HDF5 file (Keras, MATLAB)', test: (text) => text.startsWith('\x89HDF\r\n\x1a\n') },
  { name: 'a gzip archive', test: (text) => text.startsWith('\x1f\x8b') },
  { name: 'a safetensors file', test: (text) => /^[^]{6}\0\0\{"/.test(text) },
  { name: 'a Git LFS pointer: the file itself was not downloaded', test: (text) => text.startsWith('version https://git-lfs') },
  { name: 'a web page (HTML), perhaps the error page of a download', test: (text) => /^\s*<(!doctype|html|head)/i.test(text) },
  { name: 'an XML file', test: (text) => /^\s*<\?xml/.test(text) },
  { name: 'an ONNX model written as text', test: (text) => /^\s*(ir_version\s*:|<\s*ir_version|graph\s*\{)/.test(text) },
  { name: 'a JSON file', test: (text) => /^\s*[{[]\s*["\]}[\d-]/.test(text) },
];

function isZip(text: string): boolean {
  return text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06');
}

function describeText(text: string): string | undefined {
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? 'a text file' : undefined;
}
