const HELPER = 'var __toESM = (mod, isNodeMode, target) => (target';
const ONCE = 'var __copies = /* @__PURE__ */ new Map(), __toESM = (mod) => __copies.get(mod) ?? (__copies.set(mod, __copyOf(mod)), __copies.get(mod)), __copyOf = (mod, isNodeMode, target) => (target';

/**
 * A bundle that copies the names of a module once, not for each file that imports it as esbuild has it. VS Code's own module has hundreds of names
 * and most files of the extension import it: the copies took longer than all else at the start. Lines stay, and so does the source map.
 * @throws Error when esbuild writes its helper in another way
 */
export function copiedOnce(code) {
  if (code.split(HELPER).length !== 2 || /__toESM\([^()]*\([^()]*\), 1\)/.test(code)) throw new Error("esbuild's helper __toESM is not what it was: see scripts/lib/copiedOnce.mjs");
  return code.replace(HELPER, ONCE);
}
