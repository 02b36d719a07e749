// A single-port synchronous memory: a read word stands at q in the cycle after its address. Nothing clears it, so a word that
// was never written is unknown.
module sram #(
    parameter width = 32,
    parameter depth = 64
) (
    input                  clk,
    input                  enable,
    input                  write,
    input      [31:0]      addr,
    input      [width-1:0] d,
    output reg [width-1:0] q
);
  reg [width-1:0] memory [0:depth-1];

  // An address beyond the memory is that of nobody; the array's index takes the bits that it needs
  localparam [31:0] DEPTH = depth;
  localparam addr_bw = (depth > 1) ? $clog2(depth) : 1;
  wire [addr_bw-1:0] index = addr[addr_bw-1:0];
  wire in_range = addr < DEPTH;

  always @(posedge clk) begin
    if (enable & in_range) begin
      if (write) memory[index] <= d;
      else q <= memory[index];
    end
  end
endmodule
