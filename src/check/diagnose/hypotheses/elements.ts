import type { Core, Element } from '../core';
import { addition, fitter, lowerBits } from '../core';
import type { Hypothesis } from '../hypothesis';
import { narrowWidths } from './wordForms';

/** Faulty arithmetic inside each PE: psums computed row after row down the column, because what one PE does to the sum the next one meets. */
export function* elements({ model }: Core): Iterable<Hypothesis> {
  const { psumBits, activationFormat, weightFormat } = model;
  const product = activationFormat.bits + weightFormat.bits;
  for (const bits of [product, product + 1, product - 1].filter((width) => width > 1 && width < psumBits)) {
    const lower = lowerBits(bits);
    yield of('sign-extension-lost', { bits, of: 'products' }, `Each product is added as its lower ${bits} bits, extended with zeros`, 4, (before) => (above, term) => before(above, lower(term)));
  }
  for (const bits of narrowWidths(psumBits)) {
    const [lower, saturate] = [lowerBits(bits), fitter(bits, true)];
    yield of('sign-extension-lost', { bits, of: 'psums from above' }, `The psum from above enters each PE as its lower ${bits} bits, extended with zeros`, 4 * psumBits, (before) => (above, term) => before(lower(above), term));
    yield of('saturation', { bits, of: 'each MAC' }, `Each PE cuts its sum at the limits of ${bits} bits`, 3 * psumBits, (before) => (above, term) => saturate(before(above, term)));
  }
}

function of(id: Hypothesis['id'], parameters: Hypothesis['parameters'], claim: string, choices: number, change: (before: Element) => Element): Hypothesis {
  return { id, parameters, choices, claim, core: (core) => ({ ...core, element: change(core.element ?? addition) }) };
}
