import assert from 'node:assert/strict';
import { mismatchStep } from '../../../webview/mismatch';

const coordinates = { kij: 1, nij: 2, col: 3 };
const none = { type: 'mismatch', of: 3 } as const;

describe('webview: next mismatch', () => {
  it('is shown with its number', () => {
    assert.deepEqual(mismatchStep({ type: 'mismatch', coordinates, number: 2, of: 3 }, false, false), { type: 'show', coordinates, mismatch: { number: 2, of: 3 }, notice: '' });
  });

  it('behind the last one is the first again, and the page says so', () => {
    assert.deepEqual(mismatchStep(none, false, false), { type: 'wrap' });
    assert.deepEqual(mismatchStep({ type: 'mismatch', coordinates, number: 1, of: 3 }, false, true), { type: 'show', coordinates, mismatch: { number: 1, of: 3 }, notice: 'There is none after: back at the first of 3.' });
    assert.deepEqual(mismatchStep(none, true, false), { type: 'wrap' });
    assert.deepEqual(mismatchStep({ type: 'mismatch', coordinates, number: 3, of: 3 }, true, true), { type: 'show', coordinates, mismatch: { number: 3, of: 3 }, notice: 'There is none before: back at the last of 3.' });
    assert.deepEqual(mismatchStep({ type: 'mismatch', coordinates, number: 1, of: 1 }, true, true), { type: 'show', coordinates, mismatch: { number: 1, of: 1 }, notice: 'This is the only word that differs.' });
  });

  it('says that no word differs only where none does, and asks no third time', () => {
    assert.deepEqual(mismatchStep({ type: 'mismatch', of: 0 }, false, false), { type: 'none', notice: 'No word of the dump differs.' });
    assert.deepEqual(mismatchStep(none, false, true), { type: 'none', notice: '3 words of the dump differ, but their places were not found.' });
    assert.deepEqual(mismatchStep({ type: 'mismatch' }, false, false), { type: 'none', notice: 'No dump is attached: choose one to compare with.' });
  });
});
