// Faults that the bench can plant with +fault=NAME, each at the place where a real design would have it.
// The one input `fault` carries which fault is planted and its details; it is constant during a run. A clean design is what
// remains when every line that mentions `fault` is taken out. README.md lists what each fault does.
`ifndef FAULTS_VH
`define FAULTS_VH

`define FAULT_BUS [55:0]
`define FAULT_ID    fault[7:0]
`define FAULT_ROW   fault[15:8]
`define FAULT_COL   fault[23:16]
`define FAULT_KIJ   fault[31:24]
`define FAULT_TILE  fault[39:32]
`define FAULT_BITS  fault[47:40]
`define FAULT_VALUE fault[55:48]

`define F_NONE               8'd0
// mac, mac_tile, mac_array
`define F_WEIGHT_UNSIGNED    8'd1
`define F_ACTIVATION_SIGNED  8'd2
`define F_NO_SIGN_EXT        8'd3
`define F_NARROW_PSUM        8'd4
`define F_SATURATE_PSUM      8'd5
`define F_DEAD_PE            8'd6
`define F_DEAD_ROW           8'd7
`define F_DEAD_COL           8'd8
`define F_STUCK_BIT          8'd9
// l0, ofifo
`define F_REVERSE_ROWS       8'd10
`define F_COLUMN_LATE        8'd11
`define F_NO_DESKEW          8'd12
`define F_REVERSE_PSUM_COLS  8'd13
// ctrl: addresses and sequence
`define F_PSUM_ADDR_PLUS1    8'd20
`define F_OUT_ADDR_PLUS1     8'd21
`define F_KIJ_TRANSPOSED     8'd22
`define F_ACC_KIJ_TRANSPOSED 8'd23
`define F_DROP_KIJ           8'd24
`define F_SKIP_PASS          8'd25
`define F_ICTILE_MISSING     8'd26
`define F_STALE_TILE         8'd27
`define F_TRUNCATED          8'd28
`define F_TRUNCATED_OUT      8'd29
// sfp and the way to the output memory
`define F_NO_RELU            8'd40
`define F_EARLY_RELU         8'd41
`define F_RELU_PER_PSUM      8'd42
`define F_NARROW_ACC         8'd43
`define F_SATURATE_ACC       8'd44
`define F_ACC_NOT_RESET      8'd45
`define F_REVERSE_COLS       8'd46
`define F_REVERSE_BITS       8'd47
`define F_SWAP_BYTES         8'd48
`define F_CORRUPT_WORD       8'd49
// the bench, where it fills the input memory
`define F_WEIGHT_TRANSPOSED  8'd60
`define F_PADDING_NONZERO    8'd61
`define F_FIRST_LINE_SKIPPED 8'd62

`endif
