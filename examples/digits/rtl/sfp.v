`include "faults.vh"

// Special function processor of one column: adds up the psums of an output pixel over all kij and input-channel tiles, then
// ReLU. `first` starts a new sum, `add` is low when the psum is not to count; out is valid the cycle after the last psum.
module sfp #(
    parameter psum_bw = 16
) (
    input                clk,
    input                reset,
    input                enable,
    input                first,
    input                add,
    input  [psum_bw-1:0] psum,
    output [psum_bw-1:0] out,
    input  `FAULT_BUS    fault
);
  reg [psum_bw-1:0] acc;

  wire early_relu    = `FAULT_ID == `F_EARLY_RELU;
  wire relu_per_psum = `FAULT_ID == `F_RELU_PER_PSUM;
  wire no_relu       = (`FAULT_ID == `F_NO_RELU) | early_relu | relu_per_psum;
  wire not_reset     = `FAULT_ID == `F_ACC_NOT_RESET;
  wire is_narrow     = (`FAULT_ID == `F_NARROW_ACC) | (`FAULT_ID == `F_SATURATE_ACC);

  wire [psum_bw-1:0] addend = (relu_per_psum & psum[psum_bw-1]) ? {psum_bw{1'b0}} : psum;
  wire [psum_bw-1:0] base = (first & ~not_reset) ? {psum_bw{1'b0}} : acc;
  wire [psum_bw-1:0] sum = base + (add ? addend : {psum_bw{1'b0}});

  wire [psum_bw-1:0] narrow;
  narrow #(.width(psum_bw)) narrower (
      .in(sum), .bits(`FAULT_BITS), .saturate(`FAULT_ID == `F_SATURATE_ACC), .out(narrow));
  wire [psum_bw-1:0] kept = is_narrow ? narrow : sum;

  always @(posedge clk) begin
    if (reset) acc <= {psum_bw{1'b0}};
    else if (enable) acc <= (early_relu & kept[psum_bw-1]) ? {psum_bw{1'b0}} : kept;
  end

  // An unknown accumulator stays unknown
  assign out = (acc[psum_bw-1] & ~no_relu) ? {psum_bw{1'b0}} : acc;
endmodule
