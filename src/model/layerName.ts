import type { NodeProto } from './gen/onnx_pb';

/**
 * Names for nodes as the network's author knows them, each one once: the module path where PyTorch wrote it into the node's name
 * (`/features/features.3/Conv` is `features.3`), else the node's name, else that of the tensor it computes.
 */
export function layerNames(nodes: readonly NodeProto[]): string[] {
  const taken = new Set<string>();
  return nodes.map((node) => {
    const wanted = modulePath(node) ?? (node.name || node.output[0] || node.opType);
    // a module that runs twice has two nodes: the second is called conv#2
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}#${count}`;
    taken.add(name);
    return name;
  });
}

/** `/layer1/layer1.0/conv1/Conv` is `layer1.0.conv1`: PyTorch repeats the parent's name inside a Sequential. */
function modulePath({ name, opType }: NodeProto): string | undefined {
  const segments = name.split('/').slice(1, -1);
  const isOperator = name.startsWith('/') && name.slice(name.lastIndexOf('/') + 1).startsWith(opType);
  if (!isOperator || segments.length === 0) return undefined;
  return segments.reduce((path, segment) => {
    const last = path.slice(path.lastIndexOf('/') + 1);
    return last !== '' && segment.startsWith(`${last}.`) ? `${path.slice(0, path.length - last.length)}${segment}` : `${path}/${segment}`;
  }, '').slice(1).replaceAll('/', '.');
}
