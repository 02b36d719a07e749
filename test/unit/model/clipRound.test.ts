import assert from 'node:assert/strict';
import { quantizeActivations, quantizeNormalizedWeights } from '../../../src/engine/quantize';
import type { ConvLayer } from '../../../src/model/layers';
import { listConvLayers } from '../../../src/model/layers';
import type { Parts } from './onnxBuilder';
import { activationChain, DataType, declared, floats, model, node, scalar, weightChain } from './onnxBuilder';
import { problemOf } from './support';

const DIMS = [2, 2, 2, 2] as const;
const NORMALIZED = Float32Array.from({ length: 16 }, (_, i) => (i - 8) / 6.5);
const VALUES = Float32Array.of(0, 0.1, 1.0666667, 2, 3.5, -0.7);

interface Chains {
  readonly activation?: ReturnType<typeof activationChain>;
  readonly weight?: ReturnType<typeof weightChain>;
  readonly opset?: number;
  readonly more?: Parts['initializers'];
}

/** The one layer of a model made of the two chains. */
function layer({ activation = activationChain('x', 'c'), weight = weightChain('c', DIMS, NORMALIZED), opset = 13, more = [] }: Chains): ConvLayer {
  const made = model({
    nodes: [...activation.nodes, ...weight.nodes, node('Conv', [activation.output, weight.output], 'y')],
    initializers: [...activation.initializers, ...weight.initializers, ...more],
    inputs: [declared('x', [1, 2, 4, 4])],
    opset,
  });
  return listConvLayers(made.graph)[0]!;
}

/** A chain with one node replaced. */
function replaced<C extends { nodes: Parts['nodes'] }>(chain: C, output: string, ...instead: Parts['nodes']): C {
  return { ...chain, nodes: chain.nodes.flatMap((old) => (old.output[0] === output ? instead : [old])) };
}

describe('clip-round quantisers', () => {
  it('are recognised at any width, and compute as the engine does', () => {
    for (let bits = 2; bits <= 8; bits++) {
      const found = layer({ activation: activationChain('x', 'c', { levels: 2 ** bits - 1, alpha: 1.7 }), weight: weightChain('c', DIMS, NORMALIZED, { levels: 2 ** (bits - 1) - 1, alpha: 2.3 }) });
      assert.equal(found.refusal, undefined);
      assert.deepEqual([found.activation?.bits, found.weight?.bits], [bits, bits]);
      assert.deepEqual(found.activation!.quantize(VALUES), quantizeActivations(VALUES, bits, Math.fround(1.7)).codes);
      const expected = quantizeNormalizedWeights(NORMALIZED, bits, Math.fround(2.3));
      assert.deepEqual(found.weight!.codes(), expected.codes);
      assert.deepEqual(found.weight!.values(), expected.values);
    }
  });

  it('name the tensors that hold the codes, and the one before', () => {
    const { activation, weight } = layer({});
    assert.deepEqual([activation?.source, activation?.codesTensor, weight?.runtime], ['x', 'c.round', ['c.wround', 'c.wsign']]);
  });

  it('may have the factors of any Mul in the other order', () => {
    const found = layer({ activation: activationChain('x', 'c', { swap: true }), weight: weightChain('c', DIMS, NORMALIZED, { swap: true }) });
    assert.deepEqual([found.refusal, found.activation?.bits, found.weight?.bits], [undefined, 4, 4]);
  });

  it('may share their alphas and widths through Identity, Cast and Constant nodes', () => {
    const activation = activationChain('x', 'c');
    const weight = weightChain('c', DIMS, NORMALIZED);
    const shared = {
      ...activation,
      nodes: [node('Constant', [], 'k', { value: scalar('', 2) }), node('Identity', ['k'], 'k2'), node('Identity', ['k2'], 'c.alpha'), node('Constant', [], 'i', { value_int: 15 }), node('Cast', ['i'], 'c.n', { to: DataType.FLOAT }), ...activation.nodes],
      initializers: activation.initializers.filter(({ name }) => name === 'c.one'),
    };
    const identities = { ...weight, nodes: [node('Identity', ['k'], 'c.walpha'), ...weight.nodes, node('Identity', ['c.wq'], 'wq2')], output: 'wq2', initializers: weight.initializers.filter(({ name }) => name !== 'c.walpha') };
    const found = layer({ activation: shared, weight: identities });
    assert.deepEqual([found.refusal, found.activation?.alpha, found.activation?.bits, found.weight?.alpha], [undefined, 2, 4, 2]);
  });

  it('may clip by attributes as before operator set 11, by Min, or at 0', () => {
    const byAttributes = (max: number): ConvLayer => layer({ activation: replaced(activationChain('x', 'c'), 'c.clip', node('Clip', ['c.div'], 'c.clip', { max: { real: max }, min: -3.4028234663852886e38 })), opset: 10 });
    assert.deepEqual([byAttributes(1).refusal, byAttributes(1).activation?.bits], [undefined, 4]);
    assert.equal(byAttributes(1.001).refusal?.kind, 'no-activation-quantizer');
    const min = layer({ activation: replaced(activationChain('x', 'c'), 'c.clip', node('Min', ['c.one', 'c.div'], 'c.clip')) });
    assert.deepEqual([min.refusal, min.activation?.source], [undefined, 'x']);
    const weight = weightChain('c', DIMS, NORMALIZED);
    const minMax = layer({ weight: replaced(weight, 'c.wclip', node('Min', ['c.w', 'c.plus'], 'c.wmin'), node('Max', ['c.minus', 'c.wmin'], 'c.wclip')) });
    assert.deepEqual([minMax.refusal, minMax.weight?.codes()], [undefined, layer({}).weight!.codes()]);
    const zero = layer({ activation: activationChain('x', 'c', { lower: 'zero' }), more: [scalar('zero', 0)] });
    assert.deepEqual([...zero.activation!.quantize(Float32Array.of(-0.7, 0.7))], [0, 5]);
    assert.deepEqual([...min.activation!.quantize(Float32Array.of(-0.7, 0.7))], [-5, 5]);
  });

  it('are told from chains that only look alike', () => {
    const chain = activationChain('x', 'c');
    const others: [ReturnType<typeof activationChain>, Parts['initializers']][] = [
      [activationChain('x', 'c', { lower: 'low' }), [scalar('low', -1)]],
      [replaced(chain, 'c.q', node('Mul', ['c.div1', 'other'], 'c.q')), [scalar('other', 3)]],
      [replaced(chain, 'c.div1', node('Div', ['c.round', 'other'], 'c.div1')), [scalar('other', 7)]],
      [replaced(chain, 'c.round', node('Floor', ['c.mul'], 'c.round')), []],
      [replaced(chain, 'c.div', node('Mul', ['x', 'c.alpha'], 'c.div')), []],
      [replaced(chain, 'c.div', node('Div', ['c.alpha', 'x'], 'c.div')), []],
      [replaced(chain, 'c.q', node('Mul', ['c.div1', 'each'], 'c.q')), [floats('each', [2, 1, 1], [2, 3])]],
    ];
    for (const [activation, more] of others) assert.equal(layer({ activation, more }).refusal?.kind, 'no-activation-quantizer');
    const weight = weightChain('c', DIMS, NORMALIZED);
    const wrong = replaced(weight, 'c.wsign', node('Sign', ['c.w'], 'c.wsign'));
    assert.equal(layer({ weight: wrong }).refusal?.kind, 'no-weight-quantizer');
  });

  it('are refused when their parameters make no sense', () => {
    assert.match(layer({ activation: activationChain('x', 'c', { alpha: -1 }) }).refusal!.reason, /act_alpha = -1/);
    assert.match(layer({ weight: weightChain('c', DIMS, NORMALIZED, { alpha: NaN }) }).refusal!.reason, /wgt_alpha = NaN|not quantised/);
    assert.equal(layer({ weight: weightChain('c', DIMS, NORMALIZED, { alpha: 0 }) }).refusal?.kind, 'damaged');
    assert.match(layer({ activation: activationChain('x', 'c', { levels: 1 }) }).refusal!.reason, /2 levels.*2 to 8 bits/);
    assert.match(layer({ weight: weightChain('c', DIMS, NORMALIZED, { levels: 10 }) }).refusal!.reason, /21 levels/);
    const holed = NORMALIZED.map((x, i) => (i === 3 ? NaN : x));
    assert.equal(layer({ weight: weightChain('c', DIMS, holed) }).refusal?.kind, 'damaged');
  });

  it('are refused when the weights are not stored', () => {
    const weight = weightChain('c', DIMS, NORMALIZED);
    const computed = replaced(weight, 'c.wclip', node('ReduceMean', ['c.w'], 'mean', {}, 'spread'), node('Sub', ['c.w', 'mean'], 'centred', {}, 'centre'), node('Clip', ['centred', 'c.minus', 'c.plus'], 'c.wclip'));
    const { refusal } = layer({ weight: computed });
    assert.equal(refusal?.kind, 'weights-computed');
    assert.match(refusal.reason + refusal.remedy, /Sub "centre".*do_constant_folding=True/);
  });

  it('do not quantise NaN', async () => {
    await problemOf(() => layer({}).activation!.quantize(Float32Array.of(0, NaN)), 'not-finite', /index 1/);
  });
});
