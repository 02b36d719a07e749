`include "faults.vh"

// A row of processing elements: one input channel. Column 0 stands in bits psum_bw-1:0 of in_n and out_s.
module mac_row #(
    parameter col = 8,
    parameter bw = 4,
    parameter psum_bw = 16,
    parameter row_index = 0
) (
    input                    clk,
    input                    reset,
    input  [bw-1:0]          in_w,
    input  [1:0]             inst_w,
    input  [psum_bw*col-1:0] in_n,
    output [psum_bw*col-1:0] out_s,
    // Bit c: column c has just been given an activation; out_s of it is its psum one cycle later
    output [col-1:0]         executing,
    input  `FAULT_BUS        fault
);
  // passing[c] and inst[c] enter column c from the west
  wire [bw-1:0] passing [0:col];
  wire [1:0]    inst [0:col];
  assign passing[0] = in_w;
  assign inst[0] = inst_w;

  genvar c;
  generate
    for (c = 0; c < col; c = c + 1) begin : tile
      mac_tile #(.bw(bw), .psum_bw(psum_bw), .row_index(row_index), .col_index(c)) mac_tile_instance (
          .clk(clk), .reset(reset),
          .in_w(passing[c]), .out_e(passing[c+1]),
          .inst_w(inst[c]), .inst_e(inst[c+1]),
          .in_n(in_n[psum_bw*c +: psum_bw]), .out_s(out_s[psum_bw*c +: psum_bw]),
          .fault(fault));
      assign executing[c] = inst[c+1][1];
    end
  endgenerate

  // What leaves the last column has nowhere to go
  wire unused = &{1'b0, passing[col], inst[col][0]};
endmodule
