`include "faults.vh"

// Runs one output-channel tile: for each input-channel tile and each kij a pass of three phases, then the accumulation.
// The cycles of each phase are fixed by the geometry, and nothing overlaps:
//
//   load    col              one line of weights a cycle, column 0 first. Line c starts c cycles after line 0 and goes past c
//                            columns: column c has its weight 2c cycles after column 0 has its own. The first activation
//                            comes by col + c cycles after that, which is later: streaming need not wait.
//   stream  nij              one line of activations a cycle
//   drain   row + col + 3    from the last activation's address to its psum's write, both included in the pass:
//                              1          input memory
//                              1          L0 FIFO of row 0
//                              row        L0 skew and way down the array: row r starts r cycles after row 0
//                              1          input register of a processing element
//                              col - 1    way of the activation to the last column
//                              1          OFIFO
//   pass    2*col + row + nij + 3
//
//   accumulate  o_nij * (ic tiles) * kij + 2   one psum a cycle, 1 for the psum memory and 1 for the SFP at the end
//
//   total       (ic tiles) * kij * pass + accumulate
module ctrl #(
    parameter col = 8,
    parameter ic_tiles = 1,
    parameter in_width = 6,
    parameter nij_count = 36,
    parameter kernel_height = 3,
    parameter kernel_width = 3,
    parameter stride_height = 1,
    parameter stride_width = 1,
    parameter dilation_height = 1,
    parameter dilation_width = 1,
    parameter out_height = 4,
    parameter out_width = 4
) (
    input             clk,
    input             reset,
    // One cycle high starts a run of output-channel tile oc_tile; done is high for one cycle at its end
    input             start,
    input      [31:0] oc_tile,
    output            done,
    // Input memory: a line is read in each cycle with an instruction. {execute, load}, as mac_tile has it
    output     [1:0]  inst,
    output     [31:0] x_addr,
    // Psum memory: written where OFIFO has a line, read during the accumulation
    input             psum_valid,
    output            psum_write,
    output            psum_read,
    output     [31:0] psum_addr,
    // SFP: beside the word that psum_read has brought
    output reg        acc_enable,
    output reg        acc_first,
    output reg        acc_add,
    // Output memory
    output reg        out_write,
    output reg [31:0] out_addr,
    // Which phase this cycle belongs to, for who counts: {accumulate, drain, stream, load}
    output     [3:0]  phase,
    input      `FAULT_BUS fault
);
  localparam [31:0] COL = col;
  localparam [31:0] IC_TILES = ic_tiles;
  localparam [31:0] NIJ = nij_count;
  localparam [31:0] KH = kernel_height;
  localparam [31:0] KW = kernel_width;
  localparam [31:0] KIJ = kernel_height * kernel_width;
  localparam [31:0] OUT_W = out_width;
  localparam [31:0] O_NIJ = out_height * out_width;
  localparam [31:0] IN_W = in_width;
  localparam [31:0] STEP_H = stride_height;
  localparam [31:0] STEP_W = stride_width;
  localparam [31:0] DILATION_H = dilation_height;
  localparam [31:0] DILATION_W = dilation_width;

  localparam [2:0] IDLE = 3'd0, LOAD = 3'd1, STREAM = 3'd2, DRAIN = 3'd3, ACCUMULATE = 3'd4, FLUSH = 3'd5;

  reg [2:0]  state;
  reg [31:0] count;      // cycle in a phase; o_nij while accumulating
  reg [31:0] ic_tile;
  reg [31:0] kij;
  reg [31:0] written;    // psum lines of this pass that are in the memory

  wire last_kij = kij == KIJ - 1;
  wire last_ic_tile = ic_tile == IC_TILES - 1;
  wire last_term = last_kij & last_ic_tile;
  wire pass_done = (state == DRAIN) & psum_valid & (written == NIJ - 1);

  // Faults of the sequence
  wire [31:0] fault_kij = {24'd0, `FAULT_KIJ};
  wire skip_pass = (`FAULT_ID == `F_SKIP_PASS) & (kij == fault_kij);
  wire dropped = ((`FAULT_ID == `F_DROP_KIJ) & (kij == fault_kij))
               | ((`FAULT_ID == `F_ICTILE_MISSING) & (ic_tile == {24'd0, `FAULT_TILE}));
  wire stop_here = ((`FAULT_ID == `F_TRUNCATED) & pass_done & (kij == fault_kij))
                 | ((`FAULT_ID == `F_TRUNCATED_OUT) & (state == ACCUMULATE) & last_term & (count == O_NIJ / 2));

  wire accumulated = (state == FLUSH) & (count == 32'd1);
  assign done = accumulated | stop_here;

  always @(posedge clk) begin
    if (reset | stop_here) state <= IDLE;
    else
      case (state)
        IDLE: if (start) begin
          state <= LOAD;
          count <= 0;
          ic_tile <= 0;
          kij <= 0;
        end
        LOAD: begin
          count <= (count == COL - 1) ? 0 : count + 1;
          if (count == COL - 1) state <= STREAM;
        end
        STREAM: begin
          count <= (count == NIJ - 1) ? 0 : count + 1;
          if (count == NIJ - 1) state <= DRAIN;
        end
        DRAIN: if (pass_done) begin
          state <= last_term ? ACCUMULATE : LOAD;
          next_term;
        end
        ACCUMULATE: begin
          next_term;
          if (last_term) count <= (count == O_NIJ - 1) ? 0 : count + 1;
          if (last_term & (count == O_NIJ - 1)) state <= FLUSH;
        end
        default: begin
          count <= count + 1;
          if (accumulated) state <= IDLE;
        end
      endcase
  end

  // Passes and terms of a sum come in the same order: kij inside ic tiles
  task next_term;
    begin
      kij <= last_kij ? 0 : kij + 1;
      if (last_kij) ic_tile <= last_ic_tile ? 0 : ic_tile + 1;
    end
  endtask

  always @(posedge clk) begin
    if (reset | (state == LOAD)) written <= 0;
    else if (psum_valid) written <= written + 1;
  end

  // Input memory: the activations of all ic tiles, then weights [ocTile][icTile][kij][col]
  wire [31:0] weight_kij = (`FAULT_ID == `F_KIJ_TRANSPOSED) ? (kij % KW) * KH + kij / KW : kij;
  wire [31:0] weight_tile = ((`FAULT_ID == `F_STALE_TILE) ? 0 : oc_tile) * IC_TILES + ic_tile;
  wire [31:0] weight_addr = IC_TILES * NIJ + (weight_tile * KIJ + weight_kij) * COL + count;
  wire [31:0] activation_addr = ic_tile * NIJ + count;
  assign inst = {state == STREAM, state == LOAD};
  assign x_addr = inst[0] ? weight_addr : activation_addr;

  // Psum memory: [icTile][kij][nij]
  wire [31:0] term_base = (ic_tile * KIJ + kij) * NIJ;
  wire [31:0] acc_kij = (`FAULT_ID == `F_ACC_KIJ_TRANSPOSED) ? (kij % KH) * KW + kij / KH : kij;
  wire [31:0] i = count / OUT_W * STEP_H + acc_kij / KW * DILATION_H;
  wire [31:0] j = count % OUT_W * STEP_W + acc_kij % KW * DILATION_W;
  wire [31:0] write_shift = (`FAULT_ID == `F_PSUM_ADDR_PLUS1) ? 1 : 0;
  assign psum_write = psum_valid & ~skip_pass;
  assign psum_read = state == ACCUMULATE;
  assign psum_addr = psum_read ? term_base + i * IN_W + j : term_base + written + write_shift;

  // One cycle behind the address: the word is there. Two cycles behind: the sum is there
  reg        last_read;
  reg [31:0] o_nij_read;
  wire [31:0] out_shift = (`FAULT_ID == `F_OUT_ADDR_PLUS1) ? 1 : 0;
  always @(posedge clk) begin
    acc_enable <= psum_read & ~reset;
    acc_first  <= (kij == 0) & (ic_tile == 0);
    acc_add    <= ~dropped;
    last_read  <= psum_read & last_term & ~reset;
    o_nij_read <= count;
    out_write  <= last_read & ~reset;
    out_addr   <= o_nij_read + out_shift;
  end

  assign phase = {(state == ACCUMULATE) | (state == FLUSH), state == DRAIN, state == STREAM, state == LOAD};
endmodule
