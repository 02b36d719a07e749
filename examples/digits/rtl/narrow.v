// Not part of the design, only of its faults: what an accumulator of `bits` bits would hold instead of `in`, sign-extended
// to the full width again. It wraps, or with `saturate` stops at its greatest and least value.
module narrow #(
    parameter width = 16
) (
    input  signed [width-1:0] in,
    input  [7:0]              bits,
    input                     saturate,
    output [width-1:0]        out
);
  localparam [31:0] WIDTH = width;
  localparam signed [width-1:0] ONE = 1;

  wire [31:0] spare = WIDTH - {24'd0, bits};
  wire signed [width-1:0] least = -(ONE <<< (bits - 8'd1));
  wire signed [width-1:0] greatest = ~least;
  wire signed [width-1:0] shifted = in <<< spare;
  wire signed [width-1:0] wrapped = shifted >>> spare;
  wire signed [width-1:0] saturated = (in < least) ? least : (in > greatest) ? greatest : in;

  assign out = saturate ? saturated : wrapped;
endmodule
