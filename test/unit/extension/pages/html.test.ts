import assert from 'node:assert/strict';
import { pageHtml } from '../../../../src/extension/pages/html';
import { isToPage } from '../../../../src/protocol/pageGuards';

const INFO = { name: 'a', size: 1, lines: 1, counted: true, regular: false, checked: 0, columns: { text: 1, values: 0 } };

describe('the page of the viewer of large files', () => {
  it('holds the file as it was opened, whatever its lines look like', () => {
    const text = '</script><script>alert(1)</script><!-- & "0101"';
    const file = { type: 'opened', version: 3, info: INFO, rows: [{ line: 0, text, role: 'text' }], look: { decorations: 'values', side: 'left' } } as const;
    const html = pageHtml({ script: 'go();', style: 'b {}', asked: 5, file });
    const inside = /<script type="application\/json" id="file">([^<]*)<\/script>/.exec(html)?.[1];
    const read: unknown = JSON.parse(inside!);
    assert.deepEqual(read, file);
    assert.ok(isToPage(read));
    // That of the file, and that of the page
    assert.equal(html.match(/<script/g)?.length, 2);
  });

  it('runs its own script and style sheet only, by a nonce that is another one each time', () => {
    const [one, other] = [1, 2].map(() => pageHtml({ script: 'go();', style: 'b {}', asked: 5 }));
    const nonce = /script-src 'nonce-([^']+)'/.exec(one!)![1]!;
    assert.ok(one!.includes(`default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'"`));
    assert.ok(one!.includes(`<script nonce="${nonce}">go();</script>`) && one!.includes(`<style nonce="${nonce}">b {}</style>`));
    assert.ok(!other!.includes(nonce) && !one!.includes('id="file"'));
  });
});
