`include "faults.vh"

// Output FIFOs, one for each column: column c is written c cycles after column 0, all are read together once the last one has
// an entry. At most `col` words wait, in column 0.
module ofifo #(
    parameter col = 8,
    parameter psum_bw = 16
) (
    input                    clk,
    input                    reset,
    input  [col-1:0]         wr,
    input  [psum_bw*col-1:0] in,
    // One entry of every column leaves in this cycle
    output                   valid,
    output [psum_bw*col-1:0] out,
    input  `FAULT_BUS        fault
);
  localparam depth = 1 << $clog2(col + 1);

  wire [col-1:0]         empty;
  wire [psum_bw*col-1:0] aligned;
  wire                   all_there = ~|empty;

  // Faults: one column that is always an entry behind; no FIFOs at all; the columns in reverse order
  reg  [psum_bw*col-1:0] previous;
  wire [psum_bw*col-1:0] ordered;
  always @(posedge clk) if (all_there) previous <= aligned;
  wire no_deskew = `FAULT_ID == `F_NO_DESKEW;
  wire reversed = `FAULT_ID == `F_REVERSE_PSUM_COLS;

  genvar c;
  generate
    for (c = 0; c < col; c = c + 1) begin : column
      localparam [31:0] COL = c;
      wire late = (`FAULT_ID == `F_COLUMN_LATE) & ({24'd0, `FAULT_COL} == COL);
      fifo #(.width(psum_bw), .depth(depth)) fifo_instance (
          .clk(clk), .reset(reset), .wr(wr[c]), .in(in[psum_bw*c +: psum_bw]),
          .rd(all_there), .out(aligned[psum_bw*c +: psum_bw]), .empty(empty[c]));
      assign ordered[psum_bw*c +: psum_bw] =
          late ? previous[psum_bw*c +: psum_bw]
          : reversed ? aligned[psum_bw*(col-1-c) +: psum_bw]
          : aligned[psum_bw*c +: psum_bw];
    end
  endgenerate

  assign valid = no_deskew ? wr[0] : all_there;
  assign out = no_deskew ? in : ordered;
endmodule
