`include "faults.vh"

// The array. Row r gets its word and its instruction r cycles after row 0: psums come down one row a cycle.
// out_s and valid of column c come c cycles after those of column 0; ofifo puts them side by side again.
module mac_array #(
    parameter row = 8,
    parameter col = 8,
    parameter bw = 4,
    parameter psum_bw = 16
) (
    input                    clk,
    input                    reset,
    // Row r in bits bw*r +: bw, r cycles after row 0
    input  [bw*row-1:0]      in_w,
    // Of row 0
    input  [1:0]             inst_w,
    output [psum_bw*col-1:0] out_s,
    output reg [col-1:0]     valid,
    input  `FAULT_BUS        fault
);
  // psum[r] enters row r from above
  wire [psum_bw*col-1:0] psum [0:row];
  wire [col-1:0]         executing [0:row-1];
  wire [2*row-1:0]       inst;
  assign psum[0] = {psum_bw*col{1'b0}};
  assign inst[1:0] = inst_w;

  genvar r;
  generate
    for (r = 1; r < row; r = r + 1) begin : skew
      reg [1:0] delayed;
      always @(posedge clk) delayed <= reset ? 2'b00 : inst[2*(r-1) +: 2];
      assign inst[2*r +: 2] = delayed;
    end
    for (r = 0; r < row; r = r + 1) begin : line
      localparam [31:0] ROW = r;
      wire dead = (`FAULT_ID == `F_DEAD_ROW) & ({24'd0, `FAULT_ROW} == ROW);
      mac_row #(.col(col), .bw(bw), .psum_bw(psum_bw), .row_index(r)) mac_row_instance (
          .clk(clk), .reset(reset),
          .in_w(dead ? {bw{1'b0}} : in_w[bw*r +: bw]), .inst_w(inst[2*r +: 2]),
          .in_n(psum[r]), .out_s(psum[r+1]),
          .executing(executing[r]), .fault(fault));
    end
  endgenerate

  always @(posedge clk) valid <= reset ? {col{1'b0}} : executing[row-1];

  // Faults: a column that gives nothing, and one wire of a column that always carries FAULT_VALUE
  wire [psum_bw-1:0] stuck = {{psum_bw-1{1'b0}}, 1'b1} << `FAULT_BITS;
  wire stuck_value = `FAULT_VALUE != 8'd0;
  genvar c;
  generate
    for (c = 0; c < col; c = c + 1) begin : column
      localparam [31:0] COL = c;
      wire here = {24'd0, `FAULT_COL} == COL;
      wire [psum_bw-1:0] below = psum[row][psum_bw*c +: psum_bw];
      assign out_s[psum_bw*c +: psum_bw] =
          (here & (`FAULT_ID == `F_DEAD_COL)) ? {psum_bw{1'b0}}
          : (here & (`FAULT_ID == `F_STUCK_BIT)) ? (stuck_value ? below | stuck : below & ~stuck)
          : below;
    end
  endgenerate
endmodule
