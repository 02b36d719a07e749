/**
 * float32 arithmetic the way PyTorch does it on a CPU: one rounding after every operation.
 * A float64 operation on float32 operands followed by `Math.fround` is exactly the float32 operation (for + - * /).
 */

/** Nearest integer, ties to the even neighbour: Python's `round` and `torch.round`. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Mean and unbiased (N - 1) standard deviation of a tensor: accumulated in float64, rounded to float32 once. */
export function meanAndStd(x: Float32Array): { mean: number; std: number } {
  let sum = 0;
  for (const value of x) sum += value;
  const mean = sum / x.length;
  let squares = 0;
  for (const value of x) squares += (value - mean) ** 2;
  return { mean: Math.fround(mean), std: Math.fround(Math.sqrt(squares / (x.length - 1))) };
}
