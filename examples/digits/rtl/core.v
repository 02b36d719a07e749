`include "faults.vh"

// The core: input memory -> L0 -> array -> OFIFO -> psum memory -> SFP -> output memory, run by ctrl.
// In every line that carries channels, row 0 or column 0 stands in the lowest bits: written in binary it is the rightmost word.
module core #(
    parameter row = 8,
    parameter col = 8,
    parameter bw = 4,
    parameter psum_bw = 16,
    // The layer. Input sizes include the padding; nij = i * in_width + j
    parameter ic_tiles = 1,
    parameter oc_tiles = 1,
    parameter in_height = 6,
    parameter in_width = 6,
    parameter kernel_height = 3,
    parameter kernel_width = 3,
    parameter stride_height = 1,
    parameter stride_width = 1,
    parameter dilation_height = 1,
    parameter dilation_width = 1,
    parameter out_height = 4,
    parameter out_width = 4
) (
    input              clk,
    input              reset,
    input              start,
    input  [31:0]      oc_tile,
    output             done,
    // While no run goes on: fills the input memory
    input              x_write,
    input  [31:0]      x_write_addr,
    input  [bw*row-1:0] x_in,
    // {accumulate, drain, stream, load}: see ctrl
    output [3:0]       phase,
    input  `FAULT_BUS  fault
);
  localparam nij_count = in_height * in_width;
  localparam kij_count = kernel_height * kernel_width;

  wire [1:0]  inst;
  wire [31:0] x_addr, psum_addr, out_addr;
  wire        psum_valid, psum_write, psum_read, acc_enable, acc_first, acc_add, out_write;

  ctrl #(
      .col(col), .ic_tiles(ic_tiles), .in_width(in_width), .nij_count(nij_count),
      .kernel_height(kernel_height), .kernel_width(kernel_width),
      .stride_height(stride_height), .stride_width(stride_width),
      .dilation_height(dilation_height), .dilation_width(dilation_width),
      .out_height(out_height), .out_width(out_width)
  ) ctrl_instance (
      .clk(clk), .reset(reset), .start(start), .oc_tile(oc_tile), .done(done),
      .inst(inst), .x_addr(x_addr),
      .psum_valid(psum_valid), .psum_write(psum_write), .psum_read(psum_read), .psum_addr(psum_addr),
      .acc_enable(acc_enable), .acc_first(acc_first), .acc_add(acc_add),
      .out_write(out_write), .out_addr(out_addr), .phase(phase), .fault(fault));

  // Activations [icTile][nij], then weights [ocTile][icTile][kij][col]; a word is one line of all rows
  wire [bw*row-1:0] x;
  sram #(.width(bw*row), .depth(ic_tiles * (nij_count + oc_tiles * kij_count * col))) x_mem (
      .clk(clk), .enable(x_write | (inst != 2'b00)), .write(x_write), .addr(x_write ? x_write_addr : x_addr), .d(x_in), .q(x));

  // The instruction goes beside its line: one cycle in the memory, one in L0
  reg [1:0] inst_of_memory, inst_of_l0;
  always @(posedge clk) begin
    inst_of_memory <= reset ? 2'b00 : inst;
    inst_of_l0 <= reset ? 2'b00 : inst_of_memory;
  end

  wire [bw*row-1:0] in_w;
  l0 #(.row(row), .bw(bw)) l0_instance (
      .clk(clk), .reset(reset), .wr(inst_of_memory != 2'b00), .in(x),
      .rd(inst_of_l0 != 2'b00), .out(in_w), .is_activation(inst_of_memory[1]), .fault(fault));

  wire [psum_bw*col-1:0] array_out;
  wire [col-1:0]         array_valid;
  mac_array #(.row(row), .col(col), .bw(bw), .psum_bw(psum_bw)) mac_array_instance (
      .clk(clk), .reset(reset), .in_w(in_w), .inst_w(inst_of_l0), .out_s(array_out), .valid(array_valid), .fault(fault));

  wire [psum_bw*col-1:0] ofifo_out;
  ofifo #(.col(col), .psum_bw(psum_bw)) ofifo_instance (
      .clk(clk), .reset(reset), .wr(array_valid), .in(array_out), .valid(psum_valid), .out(ofifo_out), .fault(fault));

  // Psums of one output-channel tile [icTile][kij][nij]; a word is one line of all columns
  wire [psum_bw*col-1:0] psum;
  wire                   corrupt;
  wire [psum_bw*col-1:0] flipped;
  sram #(.width(psum_bw*col), .depth(ic_tiles * kij_count * nij_count)) psum_mem (
      .clk(clk), .enable(psum_write | psum_read), .write(psum_write), .addr(psum_addr),
      .d(corrupt ? ofifo_out ^ flipped : ofifo_out), .q(psum));

  wire [psum_bw*col-1:0] sfp_out, out_line;
  genvar c;
  generate
    for (c = 0; c < col; c = c + 1) begin : sfp_of_column
      sfp #(.psum_bw(psum_bw)) sfp_instance (
          .clk(clk), .reset(reset), .enable(acc_enable), .first(acc_first), .add(acc_add),
          .psum(psum[psum_bw*c +: psum_bw]), .out(sfp_out[psum_bw*c +: psum_bw]), .fault(fault));
    end
  endgenerate

  // Outputs of one output-channel tile [o_nij]
  wire [psum_bw*col-1:0] out_q;
  sram #(.width(psum_bw*col), .depth(out_height * out_width)) out_mem (
      .clk(clk), .enable(out_write), .write(out_write), .addr(out_addr), .d(out_line), .q(out_q));
  // Nothing in the core reads its outputs
  wire unused = &{1'b0, out_q};

  // Faults: one flipped bit in one word of the psum memory; words or bits in a wrong order on the way to the output memory
  localparam half_bw = psum_bw / 2;
  assign corrupt = (`FAULT_ID == `F_CORRUPT_WORD) & (psum_addr == {24'd0, `FAULT_VALUE});
  generate
    for (c = 0; c < col; c = c + 1) begin : order
      localparam [31:0] COL = c;
      wire [psum_bw-1:0] word = sfp_out[psum_bw*c +: psum_bw];
      wire [psum_bw-1:0] backwards;
      genvar b;
      for (b = 0; b < psum_bw; b = b + 1) begin : bits
        assign backwards[b] = word[psum_bw-1-b];
      end
      assign flipped[psum_bw*c +: psum_bw] = ({24'd0, `FAULT_COL} == COL) ? {{psum_bw-1{1'b0}}, 1'b1} << `FAULT_BITS : {psum_bw{1'b0}};
      assign out_line[psum_bw*c +: psum_bw] =
          (`FAULT_ID == `F_REVERSE_COLS) ? sfp_out[psum_bw*(col-1-c) +: psum_bw]
          : (`FAULT_ID == `F_REVERSE_BITS) ? backwards
          : (`FAULT_ID == `F_SWAP_BYTES) ? {word[half_bw-1:0], word[psum_bw-1:half_bw]}
          : word;
    end
  endgenerate
endmodule
