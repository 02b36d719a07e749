;; Psums and their accumulation on vectors of 128 bits. src/engine/simd/kernel.ts says how its memory is laid out.
;;
;; A "line" is one (col, kij): its psums over nij, four to a vector, a whole number of vectors ("groups") long. What pads the last group
;; repeats the last pixel, so that it changes no least and no greatest value.
;;
;; Operands of 16 bits stand in pairs of rows, because i32x4.dot_i16x8_s multiplies and adds such pairs:
;;   activations [group][chunk of 8 rows][pair of rows][4 nij][2 rows], 64 bytes a chunk
;;   weights     [col][kij][chunk of 8 rows][8 rows], 16 bytes a chunk
;; Operands of 32 bits: activations [group][row][4 nij], weights [col][kij][row].
(module
  (memory (export "memory") 1)

  ;; Bits of operands that 16 bits do not hold, since the packing began.
  (global $lost (mut v128) (v128.const i32x4 0 0 0 0))

  ;; 32-bit numbers as 16-bit ones, 8 to a vector. $keep points to two masks: rows behind the last one become 0.
  (func $narrow8 (param $from i32) (param $keep i32) (result v128)
    (local $low v128) (local $high v128)
    (local.set $low (v128.and (v128.load (local.get $from)) (v128.load (local.get $keep))))
    (local.set $high (v128.and (v128.load offset=16 (local.get $from)) (v128.load offset=16 (local.get $keep))))
    (global.set $lost (v128.or (global.get $lost) (v128.or
      (v128.xor (local.get $low) (i32x4.shr_s (i32x4.shl (local.get $low) (i32.const 16)) (i32.const 16)))
      (v128.xor (local.get $high) (i32x4.shr_s (i32x4.shl (local.get $high) (i32.const 16)) (i32.const 16))))))
    (i16x8.narrow_i32x4_s (local.get $low) (local.get $high)))

  ;; Activations of a tile, [nij, row] -> packed. $masks: two masks for full chunks, then two for the last. Returns 1 when 16 bits do not hold them all.
  (func (export "packActivations16") (param $from i32) (param $to i32) (param $nijs i32) (param $rows i32) (param $masks i32) (result i32)
    (local $nij i32) (local $last i32) (local $row i32) (local $keep i32) (local $at i32) (local $pitch i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $ab v128) (local $cd v128)
    (local.set $last (i32.sub (local.get $nijs) (i32.const 1)))
    (local.set $pitch (i32.shl (local.get $rows) (i32.const 2)))
    (global.set $lost (v128.const i32x4 0 0 0 0))
    (loop $groups
      (local.set $row (i32.const 0))
      (loop $chunks
        (local.set $keep (select (local.get $masks) (i32.add (local.get $masks) (i32.const 32)) (i32.le_u (i32.add (local.get $row) (i32.const 8)) (local.get $rows))))
        (local.set $at (i32.add (local.get $from) (i32.shl (local.get $row) (i32.const 2))))
        (local.set $a (call $narrow8 (i32.add (local.get $at) (i32.mul (local.get $pitch) (local.get $nij))) (local.get $keep)))
        (local.set $b (call $narrow8 (i32.add (local.get $at) (i32.mul (local.get $pitch) (call $least (i32.add (local.get $nij) (i32.const 1)) (local.get $last)))) (local.get $keep)))
        (local.set $c (call $narrow8 (i32.add (local.get $at) (i32.mul (local.get $pitch) (call $least (i32.add (local.get $nij) (i32.const 2)) (local.get $last)))) (local.get $keep)))
        (local.set $d (call $narrow8 (i32.add (local.get $at) (i32.mul (local.get $pitch) (call $least (i32.add (local.get $nij) (i32.const 3)) (local.get $last)))) (local.get $keep)))
        ;; Pairs of rows are 32 bits: transposed, four pixels stand beside each other
        (local.set $ab (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b)))
        (local.set $cd (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d)))
        (v128.store (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $cd)))
        (v128.store offset=16 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $cd)))
        (local.set $ab (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b)))
        (local.set $cd (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d)))
        (v128.store offset=32 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $cd)))
        (v128.store offset=48 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $cd)))
        (local.set $to (i32.add (local.get $to) (i32.const 64)))
        (br_if $chunks (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 8))) (local.get $rows))))
      (br_if $groups (i32.lt_u (local.tee $nij (i32.add (local.get $nij) (i32.const 4))) (local.get $nijs))))
    (v128.any_true (global.get $lost)))

  ;; Weights, [line, row] -> packed. Returns the same.
  (func (export "packWeights16") (param $from i32) (param $to i32) (param $lines i32) (param $rows i32) (param $masks i32) (result i32)
    (local $row i32)
    (global.set $lost (v128.const i32x4 0 0 0 0))
    (loop $next
      (local.set $row (i32.const 0))
      (loop $chunks
        (v128.store (local.get $to) (call $narrow8 (i32.add (local.get $from) (i32.shl (local.get $row) (i32.const 2)))
          (select (local.get $masks) (i32.add (local.get $masks) (i32.const 32)) (i32.le_u (i32.add (local.get $row) (i32.const 8)) (local.get $rows)))))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br_if $chunks (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 8))) (local.get $rows))))
      (local.set $from (i32.add (local.get $from) (i32.shl (local.get $rows) (i32.const 2))))
      (br_if $next (local.tee $lines (i32.sub (local.get $lines) (i32.const 1)))))
    (v128.any_true (global.get $lost)))

  ;; Activations of a tile, [nij, row] -> [group][row][4 nij], for operands that 16 bits do not hold.
  (func (export "packActivations32") (param $from i32) (param $to i32) (param $nijs i32) (param $rows i32)
    (local $nij i32) (local $lane i32) (local $row i32) (local $last i32)
    (local.set $last (i32.sub (local.get $nijs) (i32.const 1)))
    (loop $groups
      (local.set $row (i32.const 0))
      (loop $all
        (local.set $lane (i32.const 0))
        (loop $lanes
          (i32.store (local.get $to) (i32.load (i32.add (local.get $from) (i32.shl (i32.add (local.get $row)
            (i32.mul (local.get $rows) (call $least (i32.add (local.get $nij) (local.get $lane)) (local.get $last)))) (i32.const 2)))))
          (local.set $to (i32.add (local.get $to) (i32.const 4)))
          (br_if $lanes (i32.lt_u (local.tee $lane (i32.add (local.get $lane) (i32.const 1))) (i32.const 4))))
        (br_if $all (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (local.get $rows))))
      (br_if $groups (i32.lt_u (local.tee $nij (i32.add (local.get $nij) (i32.const 4))) (local.get $nijs)))))

  (func $least (param $a i32) (param $b i32) (result i32)
    (select (local.get $a) (local.get $b) (i32.lt_u (local.get $a) (local.get $b))))

  ;; Psums of up to 8 rows: the weights of two lines stay in registers over all pixels. Least and greatest go to $range, lane by lane.
  (func (export "psums8") (param $a i32) (param $w i32) (param $p i32) (param $lines i32) (param $groups i32) (param $range i32)
    (local $pitch i32) (local $end i32) (local $aEnd i32) (local $x i32) (local $y i32) (local $z i32) (local $w2 i32)
    (local $w0a v128) (local $w0b v128) (local $w0c v128) (local $w0d v128) (local $w1a v128) (local $w1b v128) (local $w1c v128) (local $w1d v128)
    (local $v v128) (local $s v128) (local $t v128) (local $min v128) (local $max v128)
    (local.set $min (v128.const i32x4 0x7fffffff 0x7fffffff 0x7fffffff 0x7fffffff))
    (local.set $max (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))
    (local.set $pitch (i32.shl (local.get $groups) (i32.const 4)))
    (local.set $end (i32.add (local.get $p) (i32.mul (local.get $lines) (local.get $pitch))))
    (local.set $aEnd (i32.add (local.get $a) (i32.shl (local.get $groups) (i32.const 6))))
    (loop $next
      (local.set $x (local.get $a))
      (local.set $y (local.get $p))
      (local.set $z (i32.add (local.get $p) (local.get $pitch)))
      (local.set $w2 (i32.add (local.get $w) (i32.const 16)))
      ;; A last line without another beside it is computed twice
      (if (i32.ge_u (local.get $z) (local.get $end)) (then
        (local.set $z (local.get $y))
        (local.set $w2 (local.get $w))))
      (local.set $w0a (v128.load32_splat (local.get $w)))
      (local.set $w0b (v128.load32_splat offset=4 (local.get $w)))
      (local.set $w0c (v128.load32_splat offset=8 (local.get $w)))
      (local.set $w0d (v128.load32_splat offset=12 (local.get $w)))
      (local.set $w1a (v128.load32_splat (local.get $w2)))
      (local.set $w1b (v128.load32_splat offset=4 (local.get $w2)))
      (local.set $w1c (v128.load32_splat offset=8 (local.get $w2)))
      (local.set $w1d (v128.load32_splat offset=12 (local.get $w2)))
      (loop $pixels
        (local.set $v (v128.load (local.get $x)))
        (local.set $s (i32x4.dot_i16x8_s (local.get $v) (local.get $w0a)))
        (local.set $t (i32x4.dot_i16x8_s (local.get $v) (local.get $w1a)))
        (local.set $v (v128.load offset=16 (local.get $x)))
        (local.set $s (i32x4.add (local.get $s) (i32x4.dot_i16x8_s (local.get $v) (local.get $w0b))))
        (local.set $t (i32x4.add (local.get $t) (i32x4.dot_i16x8_s (local.get $v) (local.get $w1b))))
        (local.set $v (v128.load offset=32 (local.get $x)))
        (local.set $s (i32x4.add (local.get $s) (i32x4.dot_i16x8_s (local.get $v) (local.get $w0c))))
        (local.set $t (i32x4.add (local.get $t) (i32x4.dot_i16x8_s (local.get $v) (local.get $w1c))))
        (local.set $v (v128.load offset=48 (local.get $x)))
        (local.set $s (i32x4.add (local.get $s) (i32x4.dot_i16x8_s (local.get $v) (local.get $w0d))))
        (local.set $t (i32x4.add (local.get $t) (i32x4.dot_i16x8_s (local.get $v) (local.get $w1d))))
        (v128.store (local.get $y) (local.get $s))
        (v128.store (local.get $z) (local.get $t))
        (local.set $min (i32x4.min_s (local.get $min) (i32x4.min_s (local.get $s) (local.get $t))))
        (local.set $max (i32x4.max_s (local.get $max) (i32x4.max_s (local.get $s) (local.get $t))))
        (local.set $y (i32.add (local.get $y) (i32.const 16)))
        (local.set $z (i32.add (local.get $z) (i32.const 16)))
        (br_if $pixels (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 64))) (local.get $aEnd))))
      (local.set $w (i32.add (local.get $w) (i32.const 32)))
      (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.shl (local.get $pitch) (i32.const 1)))) (local.get $end))))
    (v128.store (local.get $range) (local.get $min))
    (v128.store offset=16 (local.get $range) (local.get $max)))

  ;; Psums of any number of rows, 16-bit operands: $chunks of 8 rows.
  (func (export "psums16") (param $a i32) (param $w i32) (param $p i32) (param $lines i32) (param $groups i32) (param $chunks i32) (param $range i32)
    (local $end i32) (local $lineEnd i32) (local $x i32) (local $y i32) (local $yEnd i32) (local $s v128) (local $min v128) (local $max v128)
    (local.set $min (v128.const i32x4 0x7fffffff 0x7fffffff 0x7fffffff 0x7fffffff))
    (local.set $max (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))
    (local.set $end (i32.add (local.get $p) (i32.shl (i32.mul (local.get $lines) (local.get $groups)) (i32.const 4))))
    (loop $next
      (local.set $x (local.get $a))
      (local.set $yEnd (i32.add (local.get $w) (i32.shl (local.get $chunks) (i32.const 4))))
      (local.set $lineEnd (i32.add (local.get $p) (i32.shl (local.get $groups) (i32.const 4))))
      (loop $pixels
        (local.set $y (local.get $w))
        (local.set $s (v128.const i32x4 0 0 0 0))
        (loop $rows
          (local.set $s (i32x4.add (local.get $s) (i32x4.add
            (i32x4.add (i32x4.dot_i16x8_s (v128.load (local.get $x)) (v128.load32_splat (local.get $y)))
                       (i32x4.dot_i16x8_s (v128.load offset=16 (local.get $x)) (v128.load32_splat offset=4 (local.get $y))))
            (i32x4.add (i32x4.dot_i16x8_s (v128.load offset=32 (local.get $x)) (v128.load32_splat offset=8 (local.get $y)))
                       (i32x4.dot_i16x8_s (v128.load offset=48 (local.get $x)) (v128.load32_splat offset=12 (local.get $y)))))))
          (local.set $x (i32.add (local.get $x) (i32.const 64)))
          (br_if $rows (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 16))) (local.get $yEnd))))
        (v128.store (local.get $p) (local.get $s))
        (local.set $min (i32x4.min_s (local.get $min) (local.get $s)))
        (local.set $max (i32x4.max_s (local.get $max) (local.get $s)))
        (br_if $pixels (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 16))) (local.get $lineEnd))))
      (local.set $w (local.get $yEnd))
      (br_if $next (i32.lt_u (local.get $p) (local.get $end))))
    (v128.store (local.get $range) (local.get $min))
    (v128.store offset=16 (local.get $range) (local.get $max)))

  ;; Psums of any number of rows, 32-bit operands; products and sums modulo 2^32.
  (func (export "psums32") (param $a i32) (param $w i32) (param $p i32) (param $lines i32) (param $groups i32) (param $rows i32) (param $range i32)
    (local $end i32) (local $lineEnd i32) (local $x i32) (local $y i32) (local $yEnd i32) (local $s v128) (local $min v128) (local $max v128)
    (local.set $min (v128.const i32x4 0x7fffffff 0x7fffffff 0x7fffffff 0x7fffffff))
    (local.set $max (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))
    (local.set $end (i32.add (local.get $p) (i32.shl (i32.mul (local.get $lines) (local.get $groups)) (i32.const 4))))
    (loop $next
      (local.set $x (local.get $a))
      (local.set $yEnd (i32.add (local.get $w) (i32.shl (local.get $rows) (i32.const 2))))
      (local.set $lineEnd (i32.add (local.get $p) (i32.shl (local.get $groups) (i32.const 4))))
      (loop $pixels
        (local.set $y (local.get $w))
        (local.set $s (v128.const i32x4 0 0 0 0))
        (loop $all
          (local.set $s (i32x4.add (local.get $s) (i32x4.mul (v128.load (local.get $x)) (v128.load32_splat (local.get $y)))))
          (local.set $x (i32.add (local.get $x) (i32.const 16)))
          (br_if $all (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 4))) (local.get $yEnd))))
        (v128.store (local.get $p) (local.get $s))
        (local.set $min (i32x4.min_s (local.get $min) (local.get $s)))
        (local.set $max (i32x4.max_s (local.get $max) (local.get $s)))
        (br_if $pixels (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 16))) (local.get $lineEnd))))
      (local.set $w (local.get $yEnd))
      (br_if $next (i32.lt_u (local.get $p) (local.get $end))))
    (v128.store (local.get $range) (local.get $min))
    (v128.store offset=16 (local.get $range) (local.get $max)))

  ;; Makes psums fit: $mode 0 counts only, 1 wraps by shifting $spare bits away, 2 saturates. $tail points to a mask of the lanes of a
  ;; line's last vector that are pixels. Returns how many did not fit.
  (func (export "fit") (param $p i32) (param $lines i32) (param $groups i32) (param $tail i32) (param $mode i32) (param $spare i32) (param $least i32) (param $greatest i32) (result i32)
    (local $lineEnd i32) (local $v v128) (local $beyond v128) (local $count v128) (local $min v128) (local $max v128)
    (local.set $min (i32x4.splat (local.get $least)))
    (local.set $max (i32x4.splat (local.get $greatest)))
    (loop $next
      (local.set $lineEnd (i32.add (local.get $p) (i32.shl (local.get $groups) (i32.const 4))))
      (loop $pixels
        (local.set $v (v128.load (local.get $p)))
        (local.set $beyond (v128.or (i32x4.lt_s (local.get $v) (local.get $min)) (i32x4.gt_s (local.get $v) (local.get $max))))
        (if (i32.eq (i32.add (local.get $p) (i32.const 16)) (local.get $lineEnd)) (then (local.set $beyond (v128.and (local.get $beyond) (v128.load (local.get $tail))))))
        (local.set $count (i32x4.sub (local.get $count) (local.get $beyond)))
        (if (i32.eq (local.get $mode) (i32.const 1)) (then (v128.store (local.get $p) (i32x4.shr_s (i32x4.shl (local.get $v) (local.get $spare)) (local.get $spare)))))
        (if (i32.eq (local.get $mode) (i32.const 2)) (then (v128.store (local.get $p) (i32x4.max_s (local.get $min) (i32x4.min_s (local.get $max) (local.get $v))))))
        (br_if $pixels (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 16))) (local.get $lineEnd))))
      (br_if $next (local.tee $lines (i32.sub (local.get $lines) (i32.const 1)))))
    (i32.add (i32.add (i32x4.extract_lane 0 (local.get $count)) (i32x4.extract_lane 1 (local.get $count)))
             (i32.add (i32x4.extract_lane 2 (local.get $count)) (i32x4.extract_lane 3 (local.get $count)))))

  ;; Adds the psums of some columns to their sums. A sum stands for every padded pixel that an output could begin at, 16 of them at once;
  ;; those between the outputs are never read. $offsets: for each kij the bytes from a column's first psum to the first one that is added.
  (func (export "accumulate") (param $p i32) (param $out i32) (param $cols i32) (param $colBytes i32) (param $outBytes i32) (param $offsets i32) (param $kijs i32)
    (local $k i32) (local $kEnd i32) (local $end i32) (local $x i32) (local $y i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $kEnd (i32.add (local.get $offsets) (i32.shl (local.get $kijs) (i32.const 2))))
    (loop $next
      (local.set $end (i32.add (local.get $out) (local.get $outBytes)))
      (local.set $y (local.get $p))
      (loop $blocks
        (local.set $a (v128.load (local.get $out)))
        (local.set $b (v128.load offset=16 (local.get $out)))
        (local.set $c (v128.load offset=32 (local.get $out)))
        (local.set $d (v128.load offset=48 (local.get $out)))
        (local.set $k (local.get $offsets))
        (loop $kij
          (local.set $x (i32.add (local.get $y) (i32.load (local.get $k))))
          (local.set $a (i32x4.add (local.get $a) (v128.load (local.get $x))))
          (local.set $b (i32x4.add (local.get $b) (v128.load offset=16 (local.get $x))))
          (local.set $c (i32x4.add (local.get $c) (v128.load offset=32 (local.get $x))))
          (local.set $d (i32x4.add (local.get $d) (v128.load offset=48 (local.get $x))))
          (br_if $kij (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 4))) (local.get $kEnd))))
        (v128.store (local.get $out) (local.get $a))
        (v128.store offset=16 (local.get $out) (local.get $b))
        (v128.store offset=32 (local.get $out) (local.get $c))
        (v128.store offset=48 (local.get $out) (local.get $d))
        (local.set $y (i32.add (local.get $y) (i32.const 64)))
        (br_if $blocks (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 64))) (local.get $end))))
      (local.set $p (i32.add (local.get $p) (local.get $colBytes)))
      (br_if $next (local.tee $cols (i32.sub (local.get $cols) (i32.const 1))))))

  ;; The same for a register that saturates after every addition.
  (func (export "accumulateSaturating") (param $p i32) (param $out i32) (param $cols i32) (param $colBytes i32) (param $outBytes i32) (param $offsets i32) (param $kijs i32) (param $least i32) (param $greatest i32)
    (local $k i32) (local $kEnd i32) (local $end i32) (local $y i32) (local $a v128) (local $min v128) (local $max v128)
    (local.set $min (i32x4.splat (local.get $least)))
    (local.set $max (i32x4.splat (local.get $greatest)))
    (local.set $kEnd (i32.add (local.get $offsets) (i32.shl (local.get $kijs) (i32.const 2))))
    (loop $next
      (local.set $end (i32.add (local.get $out) (local.get $outBytes)))
      (local.set $y (local.get $p))
      (loop $blocks
        (local.set $a (v128.load (local.get $out)))
        (local.set $k (local.get $offsets))
        (loop $kij
          (local.set $a (i32x4.add (local.get $a) (v128.load (i32.add (local.get $y) (i32.load (local.get $k))))))
          (local.set $a (i32x4.max_s (local.get $min) (i32x4.min_s (local.get $max) (local.get $a))))
          (br_if $kij (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 4))) (local.get $kEnd))))
        (v128.store (local.get $out) (local.get $a))
        (local.set $y (i32.add (local.get $y) (i32.const 16)))
        (br_if $blocks (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 16))) (local.get $end))))
      (local.set $p (i32.add (local.get $p) (local.get $colBytes)))
      (br_if $next (local.tee $cols (i32.sub (local.get $cols) (i32.const 1))))))

  ;; The lines of a column, [kij, nij] with $pitch bytes a line -> [nij, kij]. Blocks of 4 x 4; the last ones begin earlier and write some numbers twice.
  (func (export "transpose") (param $p i32) (param $out i32) (param $nijs i32) (param $kijs i32) (param $pitch i32)
    (local $nij i32) (local $kij i32) (local $x i32) (local $y i32) (local $row i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $ab v128) (local $cd v128)
    (local.set $row (i32.shl (local.get $kijs) (i32.const 2)))
    (if (i32.or (i32.lt_u (local.get $nijs) (i32.const 4)) (i32.lt_u (local.get $kijs) (i32.const 4))) (then
      (loop $slow
        (local.set $kij (i32.const 0))
        (loop $one
          (i32.store (local.get $out) (i32.load (i32.add (local.get $p) (i32.add (i32.shl (local.get $nij) (i32.const 2)) (i32.mul (local.get $kij) (local.get $pitch))))))
          (local.set $out (i32.add (local.get $out) (i32.const 4)))
          (br_if $one (i32.lt_u (local.tee $kij (i32.add (local.get $kij) (i32.const 1))) (local.get $kijs))))
        (br_if $slow (i32.lt_u (local.tee $nij (i32.add (local.get $nij) (i32.const 1))) (local.get $nijs))))
      (return)))
    (loop $pixels
      (local.set $kij (i32.const 0))
      (loop $kernel
        (local.set $x (i32.add (local.get $p) (i32.add (i32.shl (local.get $nij) (i32.const 2)) (i32.mul (local.get $kij) (local.get $pitch)))))
        (local.set $a (v128.load (local.get $x)))
        (local.set $b (v128.load (local.tee $x (i32.add (local.get $x) (local.get $pitch)))))
        (local.set $c (v128.load (local.tee $x (i32.add (local.get $x) (local.get $pitch)))))
        (local.set $d (v128.load (i32.add (local.get $x) (local.get $pitch))))
        (local.set $y (i32.add (local.get $out) (i32.add (i32.shl (local.get $kij) (i32.const 2)) (i32.mul (local.get $nij) (local.get $row)))))
        (local.set $ab (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b)))
        (local.set $cd (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d)))
        (v128.store (local.get $y) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $cd)))
        (v128.store (local.tee $y (i32.add (local.get $y) (local.get $row))) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $cd)))
        (local.set $ab (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b)))
        (local.set $cd (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d)))
        (v128.store (local.tee $y (i32.add (local.get $y) (local.get $row))) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $cd)))
        (v128.store (i32.add (local.get $y) (local.get $row)) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $cd)))
        (if (i32.lt_u (i32.add (local.get $kij) (i32.const 4)) (local.get $kijs)) (then
          (local.set $kij (call $least (i32.add (local.get $kij) (i32.const 4)) (i32.sub (local.get $kijs) (i32.const 4))))
          (br $kernel))))
      (if (i32.lt_u (i32.add (local.get $nij) (i32.const 4)) (local.get $nijs)) (then
        (local.set $nij (call $least (i32.add (local.get $nij) (i32.const 4)) (i32.sub (local.get $nijs) (i32.const 4))))
        (br $pixels)))))
)
