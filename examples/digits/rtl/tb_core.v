`include "faults.vh"

// Runs a layer on the core from the golden files that TileScope writes, checks psums and outputs against them, and dumps both
// memories. A parameter for each size, so that it serves any layer; README.md lists the plusargs.
module tb_core #(
    parameter row = 8,
    parameter col = 8,
    parameter bw = 4,
    parameter psum_bw = 16,
    parameter ic_tiles = 1,
    parameter oc_tiles = 1,
    // The image without its padding
    parameter height = 4,
    parameter width = 4,
    parameter pad_top = 1,
    parameter pad_left = 1,
    parameter pad_bottom = 1,
    parameter pad_right = 1,
    parameter kernel_height = 3,
    parameter kernel_width = 3,
    parameter stride_height = 1,
    parameter stride_width = 1,
    parameter dilation_height = 1,
    parameter dilation_width = 1
);
  localparam in_height = height + pad_top + pad_bottom;
  localparam in_width = width + pad_left + pad_right;
  localparam out_height = (in_height - dilation_height * (kernel_height - 1) - 1) / stride_height + 1;
  localparam out_width = (in_width - dilation_width * (kernel_width - 1) - 1) / stride_width + 1;
  localparam nij_count = in_height * in_width;
  localparam kij_count = kernel_height * kernel_width;
  localparam o_nij_count = out_height * out_width;
  // Far beyond what ctrl says a run takes: a run that does not end must not hang the bench
  localparam cycle_limit = 1000 + 10 * ic_tiles * kij_count * (2 * col + row + nij_count + o_nij_count);

  reg               clk = 1'b0;
  reg               reset = 1'b1;
  reg               start = 1'b0;
  reg  [31:0]       oc_tile = 0;
  wire              done;
  reg               x_write = 1'b0;
  reg  [31:0]       x_addr = 0;
  reg  [bw*row-1:0] x_in = 0;
  wire [3:0]        phase;

  `include "tb_faults.vh"

  core #(
      .row(row), .col(col), .bw(bw), .psum_bw(psum_bw), .ic_tiles(ic_tiles), .oc_tiles(oc_tiles),
      .in_height(in_height), .in_width(in_width), .kernel_height(kernel_height), .kernel_width(kernel_width),
      .stride_height(stride_height), .stride_width(stride_width),
      .dilation_height(dilation_height), .dilation_width(dilation_width),
      .out_height(out_height), .out_width(out_width)
  ) dut (
      .clk(clk), .reset(reset), .start(start), .oc_tile(oc_tile), .done(done),
      .x_write(x_write), .x_write_addr(x_addr), .x_in(x_in), .phase(phase), .fault(fault));

  // Inputs change at the falling edge, so that no simulator's order of events at the rising edge matters
  always #5 clk = ~clk;

  // ---- plusargs ----
  reg [8*256-1:0] data_dir, psum_dir, dump_dir;
  integer headers, only_oc_tile, max_errors;
  integer got;

  task read_plusargs;
    begin
      data_dir = ".";
      got = $value$plusargs("data=%s", data_dir);
      psum_dir = data_dir;
      got = $value$plusargs("psum=%s", psum_dir);
      dump_dir = ".";
      got = $value$plusargs("dump=%s", dump_dir);
      headers = 3;
      got = $value$plusargs("headers=%d", headers);
      only_oc_tile = -1;
      got = $value$plusargs("octile=%d", only_oc_tile);
      max_errors = 20;
      got = $value$plusargs("max_errors=%d", max_errors);
    end
  endtask

  // ---- golden files ----
  integer file;
  reg     usable; // false once an input file is missing or too short: what follows would prove nothing
  reg [8*512-1:0] path;
  reg [8*256-1:0] header_line;
  reg [8*64-1:0]  stem;
  integer h;

  // `kind`, or `kind`_otileN in a layer of several oc tiles, as TileScope names its files. Always a whole stem: an empty text is a
  // blank to some simulators
  task name_tile(input [8*32-1:0] kind);
    if (oc_tiles > 1) $sformat(stem, "%0s_otile%0d", kind, oc_tile);
    else stem = {{8*32{1'b0}}, kind};
  endtask

  // Opens `path`, passes over its header lines; `file` is 0 when it cannot be opened
  task open_golden;
    begin
      file = $fopen(path, "r");
      if (file != 0) for (h = 0; h < headers; h = h + 1) got = $fscanf(file, "%s", header_line);
    end
  endtask

  task open_input;
    begin
      open_golden;
      if (file == 0) begin
        usable = 1'b0;
        $display("cannot open %0s", path);
      end
    end
  endtask

  task short_input;
    begin
      usable = 1'b0;
      $display("%0s ends before its last line", path);
    end
  endtask

  // ---- input memory ----
  integer t, o, k, n, r, c;
  reg [bw*row-1:0] line;
  wire [bw+7:0]    wide_value = {{bw{1'b0}}, `FAULT_VALUE};
  wire [bw-1:0]    padding = wide_value[bw-1:0];
  reg [bw*row-1:0] weights [0:col-1];

  task write_x(input [31:0] addr, input [bw*row-1:0] word);
    begin
      @(negedge clk);
      x_write = 1'b1;
      x_addr = addr;
      x_in = word;
      @(negedge clk);
      x_write = 1'b0;
    end
  endtask

  // True for a pixel of the padding
  function is_padding(input integer nij);
    is_padding = nij / in_width < pad_top || nij / in_width >= pad_top + height
              || nij % in_width < pad_left || nij % in_width >= pad_left + width;
  endfunction

  task load_activations;
    for (t = 0; t < ic_tiles; t = t + 1) begin
      $sformat(path, "%0s/activation_tile%0d.txt", data_dir, t);
      open_input;
      if (file != 0) begin
        if (`FAULT_ID == `F_FIRST_LINE_SKIPPED) got = $fscanf(file, "%b", line);
        for (n = 0; n < nij_count; n = n + 1) begin
          got = $fscanf(file, "%b", line);
          if (got != 1 && `FAULT_ID != `F_FIRST_LINE_SKIPPED) short_input;
          if (`FAULT_ID == `F_PADDING_NONZERO && is_padding(n)) line = {row{padding}};
          write_x(t * nij_count + n, line);
        end
        $fclose(file);
      end
    end
  endtask

  task load_weights;
    for (o = 0; o < oc_tiles; o = o + 1)
      for (t = 0; t < ic_tiles; t = t + 1)
        for (k = 0; k < kij_count; k = k + 1) begin
          $sformat(path, "%0s/weight_itile%0d_otile%0d_kij%0d.txt", data_dir, t, o, k);
          open_input;
          if (file != 0) begin
            for (c = 0; c < col; c = c + 1) begin
              got = $fscanf(file, "%b", weights[c]);
              if (got != 1) short_input;
            end
            $fclose(file);
            for (c = 0; c < col; c = c + 1) begin
              line = weights[c];
              if (`FAULT_ID == `F_WEIGHT_TRANSPOSED)
                for (r = 0; r < row; r = r + 1)
                  line[bw*r +: bw] = (r < col && c < row) ? weights[r][bw*c +: bw] : {bw{1'b0}};
              write_x(ic_tiles * nij_count + ((o * ic_tiles + t) * kij_count + k) * col + c, line);
            end
          end
        end
  endtask

  // ---- run ----
  integer cycles, load_cycles, stream_cycles, drain_cycles, accumulate_cycles;
  reg timed_out;

  always @(posedge clk) begin
    if (phase != 0) cycles <= cycles + 1;
    if (phase[0]) load_cycles <= load_cycles + 1;
    if (phase[1]) stream_cycles <= stream_cycles + 1;
    if (phase[2]) drain_cycles <= drain_cycles + 1;
    if (phase[3]) accumulate_cycles <= accumulate_cycles + 1;
  end

  task run_tile;
    begin
      @(negedge clk);
      cycles = 0;
      load_cycles = 0;
      stream_cycles = 0;
      drain_cycles = 0;
      accumulate_cycles = 0;
      start = 1'b1;
      @(negedge clk);
      start = 1'b0;
      while (!done && cycles < cycle_limit) @(negedge clk);
      timed_out = !done;
      // done is high in the last cycle: the edge that ends it still writes the last output
      @(negedge clk);
      @(negedge clk);
      if (timed_out) $display("the run of oc tile %0d did not end within %0d cycles", oc_tile, cycles);
      $display("cycles: passes %0d, load %0d, stream %0d, drain %0d, accumulate %0d, total %0d",
               ic_tiles * kij_count, load_cycles, stream_cycles, drain_cycles, accumulate_cycles, cycles);
    end
  endtask

  // ---- checks ----
  integer matched, errors, shown, psum_lines, psum_matched;
  reg [psum_bw*col-1:0] answer, found;

  task show_psum_errors;
    for (c = 0; c < col; c = c + 1)
      if (found[psum_bw*c +: psum_bw] !== answer[psum_bw*c +: psum_bw]) begin
        if (shown < max_errors)
          $display("psum Data ERROR at kij=%0d nij=%0d col=%0d icTile=%0d ocTile=%0d: psumout %b answer %b",
                   k, n, c, t, oc_tile, found[psum_bw*c +: psum_bw], answer[psum_bw*c +: psum_bw]);
        if (shown == max_errors) $display("... further psum errors are counted only (+max_errors=%0d)", max_errors);
        shown = shown + 1;
      end
  endtask

  // Golden psums stand in one file for each kij; a profile that selects one kij leaves the number out of the name
  task open_psum;
    begin
      if (ic_tiles > 1 || oc_tiles > 1) $sformat(stem, "psum_itile%0d_otile%0d", t, oc_tile);
      else stem = "psum";
      $sformat(path, "%0s/%0s_kij%0d.txt", psum_dir, stem, k);
      open_golden;
      if (file == 0 && k == 0) begin
        $sformat(path, "%0s/%0s.txt", psum_dir, stem);
        open_golden;
      end
    end
  endtask

  task check_psums;
    begin
      psum_lines = 0;
      psum_matched = 0;
      shown = 0;
      for (t = 0; t < ic_tiles; t = t + 1)
        for (k = 0; k < kij_count; k = k + 1) begin
          open_psum;
          if (file != 0) begin
            for (n = 0; n < nij_count; n = n + 1) begin
              got = $fscanf(file, "%b", answer);
              if (got != 1) short_input;
              found = dut.psum_mem.memory[(t * kij_count + k) * nij_count + n];
              psum_lines = psum_lines + 1;
              if (found === answer) psum_matched = psum_matched + 1;
              else show_psum_errors;
            end
            $fclose(file);
          end
        end
      matched = matched + psum_matched;
      errors = errors + psum_lines - psum_matched;
      if (psum_lines == 0) $display("psum: no golden file, nothing compared");
      else $display("psum: %0d of %0d lines matched", psum_matched, psum_lines);
    end
  endtask

  task check_outputs;
    begin
      name_tile("out");
      $sformat(path, "%0s/%0s.txt", data_dir, stem);
      open_input;
      if (file != 0) begin
        for (n = 0; n < o_nij_count; n = n + 1) begin
          got = $fscanf(file, "%b", answer);
          if (got != 1) short_input;
          found = dut.out_mem.memory[n];
          if (found === answer) begin
            matched = matched + 1;
            $display("%0d-th output featuremap Data matched! :D", n + 1);
          end else begin
            errors = errors + 1;
            $display("%0d-th output featuremap Data ERROR!!", n + 1);
            $display("sfpout: %b", found);
            $display("answer: %b", answer);
          end
        end
        $fclose(file);
      end
    end
  endtask

  // ---- dumps ----
  task dump_memories;
    begin
      name_tile("psum");
      $sformat(path, "%0s/%0s.memb.txt", dump_dir, stem);
      $writememb(path, dut.psum_mem.memory);
      $sformat(path, "%0s/%0s.memh.txt", dump_dir, stem);
      $writememh(path, dut.psum_mem.memory);
      name_tile("out");
      $sformat(path, "%0s/%0s.memb.txt", dump_dir, stem);
      $writememb(path, dut.out_mem.memory);
      $sformat(path, "%0s/%0s.memh.txt", dump_dir, stem);
      $writememh(path, dut.out_mem.memory);
    end
  endtask

  initial begin
    usable = 1'b1;
    timed_out = 1'b0;
    matched = 0;
    errors = 0;
    plant_fault;
    read_plusargs;
    repeat (4) @(negedge clk);
    reset = 1'b0;
    load_activations;
    load_weights;
    if (usable && fault_known)
      for (oc_tile = 0; oc_tile < oc_tiles; oc_tile = oc_tile + 1)
        if (only_oc_tile < 0 || only_oc_tile == oc_tile) begin
          $display("oc tile %0d", oc_tile);
          run_tile;
          dump_memories;
          check_psums;
          check_outputs;
          if (timed_out) usable = 1'b0;
        end
    $display("compared %0d lines: %0d matched, %0d errors", matched + errors, matched, errors);
    if (!fault_known) $display("result: FAILED, there is no fault called %0s", fault_name);
    else if (!usable) $display("result: FAILED, the run was not complete");
    else if (matched + errors == 0) $display("result: FAILED, nothing was compared");
    else if (errors != 0) $display("result: FAILED");
    else $display("result: PASSED");
    $finish;
  end
endmodule
