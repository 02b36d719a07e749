// Part of tb_core: turns +fault=NAME and its details into the `fault` input of the core.
//   +fault_row, +fault_col, +fault_kij, +fault_tile   where
//   +fault_bits                                       width of a narrow accumulator, or the bit that is stuck or flipped
//   +fault_value                                      what a stuck bit or the padding holds; the address of a corrupt word
reg `FAULT_BUS   fault;
reg [8*32-1:0]   fault_name;
reg              fault_known;

task named(input [8*32-1:0] name, input [7:0] id);
  if (fault_name == name) begin
    `FAULT_ID = id;
    fault_known = 1'b1;
  end
endtask

task plant_fault;
  reg [31:0] value;
  reg given;
  begin
    fault = 56'd0;
    fault_known = 1'b1;
    value = 1;
    given = $value$plusargs("fault_row=%d", value);
    `FAULT_ROW = value[7:0];
    value = 1;
    given = $value$plusargs("fault_col=%d", value);
    `FAULT_COL = value[7:0];
    value = 1;
    given = $value$plusargs("fault_kij=%d", value);
    `FAULT_KIJ = value[7:0];
    value = ic_tiles - 1;
    given = $value$plusargs("fault_tile=%d", value);
    `FAULT_TILE = value[7:0];
    value = 8;
    given = $value$plusargs("fault_bits=%d", value);
    `FAULT_BITS = value[7:0];
    value = 1;
    given = $value$plusargs("fault_value=%d", value);
    `FAULT_VALUE = value[7:0];
    given = $value$plusargs("fault=%s", fault_name);
    if (given) begin
      fault_known = 1'b0;
      find_fault;
      $display("fault planted: %0s", fault_name);
    end
  end
endtask

task find_fault;
  begin
    named("weight_unsigned", `F_WEIGHT_UNSIGNED);
    named("activation_signed", `F_ACTIVATION_SIGNED);
    named("no_sign_ext", `F_NO_SIGN_EXT);
    named("narrow_psum", `F_NARROW_PSUM);
    named("saturate_psum", `F_SATURATE_PSUM);
    named("dead_pe", `F_DEAD_PE);
    named("dead_row", `F_DEAD_ROW);
    named("dead_col", `F_DEAD_COL);
    named("stuck_bit", `F_STUCK_BIT);
    named("reverse_rows", `F_REVERSE_ROWS);
    named("column_late", `F_COLUMN_LATE);
    named("no_deskew", `F_NO_DESKEW);
    named("reverse_psum_cols", `F_REVERSE_PSUM_COLS);
    named("psum_addr_plus1", `F_PSUM_ADDR_PLUS1);
    named("out_addr_plus1", `F_OUT_ADDR_PLUS1);
    named("kij_transposed", `F_KIJ_TRANSPOSED);
    named("acc_kij_transposed", `F_ACC_KIJ_TRANSPOSED);
    named("drop_kij", `F_DROP_KIJ);
    named("skip_pass", `F_SKIP_PASS);
    named("ictile_missing", `F_ICTILE_MISSING);
    named("stale_tile", `F_STALE_TILE);
    named("truncated", `F_TRUNCATED);
    named("truncated_out", `F_TRUNCATED_OUT);
    named("no_relu", `F_NO_RELU);
    named("early_relu", `F_EARLY_RELU);
    named("relu_per_psum", `F_RELU_PER_PSUM);
    named("narrow_acc", `F_NARROW_ACC);
    named("saturate_acc", `F_SATURATE_ACC);
    named("acc_not_reset", `F_ACC_NOT_RESET);
    named("reverse_cols", `F_REVERSE_COLS);
    named("reverse_bits", `F_REVERSE_BITS);
    named("swap_bytes", `F_SWAP_BYTES);
    named("corrupt_word", `F_CORRUPT_WORD);
    named("weight_transposed", `F_WEIGHT_TRANSPOSED);
    named("padding_nonzero", `F_PADDING_NONZERO);
    named("first_line_skipped", `F_FIRST_LINE_SKIPPED);
  end
endtask
