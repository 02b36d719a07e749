// Watches tb_core: prints in every cycle that belongs to a phase what stands in the core's registers, FIFOs and memory ports.
// A line is "@ CYCLE WHAT numbers"; cycles count over all oc tiles. Sampled at the falling edge, when everything has settled.
module monitor #(
    parameter row = 8,
    parameter col = 8,
    parameter psum_bw = 16
);
  wire clk = tb_core.clk;
  wire running = tb_core.phase != 4'd0;
  integer cycle = 0;
  always @(posedge clk) if (running) cycle <= cycle + 1;

  genvar r, c;
  generate
    for (r = 0; r < row; r = r + 1) begin : line
      // Row, whether it is read, its word as activation and as weight, words that wait
      always @(negedge clk) if (running)
        $display("@ %0d l0 %0d %0d %0d %0d %0d", cycle, r, tb_core.dut.l0_instance.rd_of_row[r],
                 tb_core.dut.l0_instance.line[r].fifo_instance.out, $signed(tb_core.dut.l0_instance.line[r].fifo_instance.out),
                 tb_core.dut.l0_instance.line[r].fifo_instance.write_ptr - tb_core.dut.l0_instance.line[r].fifo_instance.read_ptr);
      for (c = 0; c < col; c = c + 1) begin : tile
        // Row, column, weight, execute, load for the next column, input register as activation and as weight, psum register
        always @(negedge clk) if (running)
          $display("@ %0d pe %0d %0d %0d %0d %0d %0d %0d %0d", cycle, r, c,
                   $signed(tb_core.dut.mac_array_instance.line[r].mac_row_instance.tile[c].mac_tile_instance.weight),
                   tb_core.dut.mac_array_instance.line[r].mac_row_instance.tile[c].mac_tile_instance.inst_e[1],
                   tb_core.dut.mac_array_instance.line[r].mac_row_instance.tile[c].mac_tile_instance.inst_e[0],
                   tb_core.dut.mac_array_instance.line[r].mac_row_instance.tile[c].mac_tile_instance.out_e,
                   $signed(tb_core.dut.mac_array_instance.line[r].mac_row_instance.tile[c].mac_tile_instance.out_e),
                   $signed(tb_core.dut.mac_array_instance.line[r].mac_row_instance.tile[c].mac_tile_instance.out_s));
      end
    end
    for (c = 0; c < col; c = c + 1) begin : column
      // Column, whether a psum leaves, psum, psums that wait, OFIFO's output, psum memory's output, SFP's register and output
      always @(negedge clk) if (running)
        $display("@ %0d column %0d %0d %0d %0d %0d %0d %0d %0d", cycle, c, tb_core.dut.array_valid[c],
                 $signed(tb_core.dut.array_out[psum_bw*c +: psum_bw]),
                 tb_core.dut.ofifo_instance.column[c].fifo_instance.write_ptr - tb_core.dut.ofifo_instance.column[c].fifo_instance.read_ptr,
                 $signed(tb_core.dut.ofifo_out[psum_bw*c +: psum_bw]),
                 $signed(tb_core.dut.psum[psum_bw*c +: psum_bw]),
                 $signed(tb_core.dut.sfp_of_column[c].sfp_instance.acc),
                 $signed(tb_core.dut.sfp_out[psum_bw*c +: psum_bw]));
    end
  endgenerate

  // Psum memory: write, read, address; SFP adds; output memory: write, address
  always @(negedge clk) if (running)
    $display("@ %0d ports %0d %0d %0d %0d %0d %0d", cycle, tb_core.dut.psum_write, tb_core.dut.psum_read, tb_core.dut.psum_addr,
             tb_core.dut.acc_enable, tb_core.dut.out_write, tb_core.dut.out_addr);
endmodule
