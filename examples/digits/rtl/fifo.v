// First in, first out; out is the oldest entry in the cycle in which it is read. depth must be a power of two, and more
// entries than that must not wait: there is no flag for it, because both users can say how many wait at most.
module fifo #(
    parameter width = 4,
    parameter depth = 8
) (
    input              clk,
    input              reset,
    input              wr,
    input  [width-1:0] in,
    input              rd,
    output [width-1:0] out,
    output             empty
);
  localparam ptr_bw = $clog2(depth);
  localparam [ptr_bw-1:0] ONE = 1;

  reg [width-1:0]  memory [0:depth-1];
  reg [ptr_bw-1:0] write_ptr;
  reg [ptr_bw-1:0] read_ptr;

  assign out = memory[read_ptr];
  assign empty = write_ptr == read_ptr;

  always @(posedge clk) begin
    if (wr) memory[write_ptr] <= in;
    if (reset) begin
      write_ptr <= {ptr_bw{1'b0}};
      read_ptr  <= {ptr_bw{1'b0}};
    end else begin
      if (wr) write_ptr <= write_ptr + ONE;
      if (rd) read_ptr <= read_ptr + ONE;
    end
  end
endmodule
