/** The build assembles WebAssembly text and embeds the module in base64 (scripts/lib/wat.mjs). */
declare module '*.wat' {
  const base64: string;
  export default base64;
}
