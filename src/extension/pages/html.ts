import { randomBytes } from 'node:crypto';
import type { ToPage } from '../../protocol/pages';

export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** Since when the user waits for it, in milliseconds since 1970: the page measures its first rows from there. */
  readonly asked: number;
  /** The file, when it was opened before its page was made: the page then draws it without asking. */
  readonly file?: Extract<ToPage, { type: 'opened' }>;
}

/** The page of the viewer. Script and style sheet stand in it: a page that fetches them waits longer for them than it takes to draw. */
export function pageHtml({ script, style, asked, file }: PageParts): string {
  const nonce = randomBytes(18).toString('base64');
  const policy = ["default-src 'none'", `style-src 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${style}</style>
<title>TileScope</title>
</head>
<body data-asked="${asked}">
<header class="bar">
  <h1 class="summary" id="summary">Opening…</h1>
  <div class="contents" role="toolbar" aria-label="File">
    <span class="group">
      <select id="find-mode" aria-label="Find what"><option value="text">Text</option><option value="value">Value</option><option value="coordinate">Coordinate</option></select>
      <input id="find-text" type="text" aria-label="Find" placeholder="Find" spellcheck="false" maxlength="4096">
      <button id="find-previous" type="button" title="Previous match (Shift+Enter)" aria-label="Previous match">↑</button>
      <button id="find-next" type="button" title="Next match (Enter)" aria-label="Next match">↓</button>
      <button id="stop" type="button" hidden>Stop</button>
    </span>
    <span class="group"><input id="go-text" type="text" aria-label="Go to coordinate, line or @address" placeholder="Go to: kij 4 nij 14 col 7" spellcheck="false" maxlength="4096"></span>
    <span class="group">
      <button id="previous-mismatch" type="button" title="Previous mismatch (Shift+F7)" hidden>↑ Mismatch</button>
      <button id="next-mismatch" type="button" title="Next mismatch (F7)" hidden>↓ Mismatch</button>
      <button id="compare" type="button">Compare…</button>
      <button id="stop-comparing" type="button" hidden>Stop Comparing</button>
      <button id="as-text" type="button">Open as Text</button>
    </span>
  </div>
</header>
<main class="contents">
<div class="notes" id="legend"></div>
<div class="notes" id="beside" hidden></div>
<div class="failure" id="failure" role="alert" hidden></div>
<div class="main">
  <div id="grid" role="grid" tabindex="0" aria-label="Lines of the file" aria-readonly="true"></div>
  <div id="track" role="scrollbar" aria-controls="grid" aria-orientation="vertical" aria-label="Lines" aria-valuemin="1" aria-valuemax="1" aria-valuenow="1"><div id="thumb"></div></div>
</div>
<div id="hover" role="tooltip" hidden></div>
</main>
<footer class="foot"><div id="details" role="status" aria-live="polite"></div><div id="says" role="status" aria-live="polite"></div><div id="state"></div></footer>
${file === undefined ? '' : `<script type="application/json" id="file">${jsonInHtml(file)}</script>`}
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** Text of a file may look like the end of the element that it stands in. */
function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
