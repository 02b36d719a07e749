`include "faults.vh"

// Input FIFOs, one for each row. A line is written to all rows at once; row r is read r cycles after row 0, so at most
// r + 1 words wait in it.
module l0 #(
    parameter row = 8,
    parameter bw = 4
) (
    input               clk,
    input               reset,
    input               wr,
    input  [bw*row-1:0] in,
    // Reads row 0; the other rows follow
    input               rd,
    output [bw*row-1:0] out,
    // Tells activations from weights: for a fault only
    input               is_activation,
    input  `FAULT_BUS   fault
);
  // One more than can wait: full and empty pointers would be equal
  localparam depth = 1 << $clog2(row + 2);

  wire [row-1:0] rd_of_row;
  assign rd_of_row[0] = rd;

  wire reversed = (`FAULT_ID == `F_REVERSE_ROWS) & is_activation;

  genvar r;
  generate
    for (r = 1; r < row; r = r + 1) begin : skew
      reg delayed;
      always @(posedge clk) delayed <= reset ? 1'b0 : rd_of_row[r-1];
      assign rd_of_row[r] = delayed;
    end
    for (r = 0; r < row; r = r + 1) begin : line
      wire empty;
      fifo #(.width(bw), .depth(depth)) fifo_instance (
          .clk(clk), .reset(reset),
          .wr(wr), .in(reversed ? in[bw*(row-1-r) +: bw] : in[bw*r +: bw]),
          .rd(rd_of_row[r]), .out(out[bw*r +: bw]), .empty(empty));
      // Reads come a fixed time after writes, so nobody has to ask
      wire unused = &{1'b0, empty};
    end
  endgenerate
endmodule
