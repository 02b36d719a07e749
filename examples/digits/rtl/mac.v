`include "faults.vh"

// Multiply and add, combinational: psum_out = psum_in + act * weight.
// Activations are unsigned and weights signed, so both get one bit in front before they are multiplied as signed numbers.
module mac #(
    parameter bw = 4,
    parameter psum_bw = 16
) (
    input  [bw-1:0]      act,
    input  [bw-1:0]      weight,
    input  [psum_bw-1:0] psum_in,
    output [psum_bw-1:0] psum_out,
    input  `FAULT_BUS    fault
);
  wire act_sign    = act[bw-1] & (`FAULT_ID == `F_ACTIVATION_SIGNED);
  wire weight_sign = weight[bw-1] & (`FAULT_ID != `F_WEIGHT_UNSIGNED);

  wire signed [bw:0]     a = {act_sign, act};
  wire signed [bw:0]     w = {weight_sign, weight};
  wire signed [2*bw+1:0] product = a * w;

  // The two widths are independent parameters; signed operands extend, or cut, as two's complement does
  /* verilator lint_off WIDTH */
  wire signed [psum_bw-1:0] extended = product;
  wire        [psum_bw-1:0] zero_extended = product[2*bw-1:0];
  /* verilator lint_on WIDTH */

  wire [psum_bw-1:0] sum = psum_in + ((`FAULT_ID == `F_NO_SIGN_EXT) ? zero_extended : extended);

  // An accumulator of fewer bits: FAULT_BITS of them
  wire is_narrow = (`FAULT_ID == `F_NARROW_PSUM) | (`FAULT_ID == `F_SATURATE_PSUM);
  wire [psum_bw-1:0] narrow;
  // Kept still without the fault, which spares a simulator most of its work
  narrow #(.width(psum_bw)) narrower (
      .in(is_narrow ? sum : {psum_bw{1'b0}}), .bits(`FAULT_BITS), .saturate(`FAULT_ID == `F_SATURATE_PSUM), .out(narrow));

  assign psum_out = is_narrow ? narrow : sum;
endmodule
