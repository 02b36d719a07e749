import assert from 'node:assert/strict';
import { pageHtml } from '../../../../src/extension/inspect/html';

const ADDRESSES = { cspSource: 'https://*.vscode-cdn.net', script: 'https://file.test/dist/webview/inspector.js?a=1&b="', style: 'https://file.test/dist/webview/inspector.css' };

describe('the document of an inspector', () => {
  const html = pageHtml(ADDRESSES, 'NONCE1');
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';

  it('runs the one script with the nonce and nothing else', () => {
    assert.match(policy, /^default-src 'none'; script-src 'nonce-NONCE1';/);
    assert.doesNotMatch(policy, /unsafe|script-src[^;]*http|\*(?!\.vscode-cdn)|connect-src/);
    assert.deepEqual(html.match(/<script[^>]*>/g), ['<script nonce="NONCE1" src="https://file.test/dist/webview/inspector.js?a=1&amp;b=&quot;">']);
    assert.doesNotMatch(html, /\son\w+=|javascript:|<script[^>]*>[^<]/);
  });

  it('has the nonce in all of its places, and nothing of the last document', () => {
    const other = pageHtml(ADDRESSES, 'NONCE2');
    assert.ok(!other.includes('NONCE1'));
    assert.equal(other.replaceAll('NONCE2', 'NONCE1'), html);
  });
});
