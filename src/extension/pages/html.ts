import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page of the viewer: one script and one style sheet of the extension, and nothing else. */
export function pageHtml(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const policy = ["default-src 'none'", `style-src ${webview.cspSource}`, `script-src 'nonce-${nonce}'`].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri('pages.css')}">
<title>TileScope</title>
</head>
<body>
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
<script nonce="${nonce}" src="${uri('pages.js')}"></script>
</body>
</html>`;
}
