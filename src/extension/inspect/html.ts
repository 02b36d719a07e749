/** Addresses of what a page loads, as its webview serves them. */
export interface PageAddresses {
  /** What the webview calls its own server, for the policy. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}

/**
 * The document of an inspector. Nothing that a file says is in it: everything shown comes in messages, and only the one script with the
 * nonce runs.
 */
export function pageHtml({ cspSource, script, style }: PageAddresses, nonce: string): string {
  const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${cspSource} 'nonce-${nonce}'`, `font-src ${cspSource}`, `img-src ${cspSource} data: blob:`, "base-uri 'none'", "form-action 'none'"].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inspector</title>
<link rel="stylesheet" href="${attribute(style)}" nonce="${nonce}">
</head>
<body>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
