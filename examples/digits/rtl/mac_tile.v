`include "faults.vh"

// One processing element: holds a weight, passes activations east and psums south, each after one cycle.
//   inst[0] load:    a weight passes by. An element without one keeps the first that comes and passes the others on, so the
//                    weights of columns 0, 1, 2, ... enter a row in this order.
//   inst[1] execute: an activation passes by. It also makes the element take a new weight at the next load: no reset is
//                    needed between kernel positions.
module mac_tile #(
    parameter bw = 4,
    parameter psum_bw = 16,
    parameter row_index = 0,
    parameter col_index = 0
) (
    input                    clk,
    input                    reset,
    input      [bw-1:0]      in_w,
    output reg [bw-1:0]      out_e,
    input      [1:0]         inst_w,
    output reg [1:0]         inst_e,
    input      [psum_bw-1:0] in_n,
    output reg [psum_bw-1:0] out_s,
    input      `FAULT_BUS    fault
);
  reg [bw-1:0] weight;
  reg          has_weight;

  wire [psum_bw-1:0] sum;
  mac #(.bw(bw), .psum_bw(psum_bw)) mac_instance (
      .act(out_e), .weight(weight), .psum_in(in_n), .psum_out(sum), .fault(fault));

  localparam [31:0] ROW = row_index;
  localparam [31:0] COL = col_index;
  wire dead = (`FAULT_ID == `F_DEAD_PE) & ({24'd0, `FAULT_ROW} == ROW) & ({24'd0, `FAULT_COL} == COL);

  always @(posedge clk) begin
    out_e <= in_w;
    out_s <= dead ? in_n : sum;
    if (reset) begin
      inst_e     <= 2'b00;
      has_weight <= 1'b0;
    end else begin
      // The weight that stays here is not a load for the next element
      inst_e <= {inst_w[1], inst_w[0] & has_weight};
      if (inst_w[1]) has_weight <= 1'b0;
      else if (inst_w[0]) has_weight <= 1'b1;
    end
    if (inst_w[0] & ~has_weight) weight <= in_w;
  end
endmodule
