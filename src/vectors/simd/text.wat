;; Words as text and back, and where the lines of a text end, 16 characters at a time. src/vectors/simd/textKernel.ts says how the memory is laid out.
;;
;; Lines are alike: so many words, each of so many digits, some characters between two words and some at the end. Vectors are read and
;; written beyond what is meant, up to 32 bytes: what they write there is written again by what follows.
(module
  (memory (export "memory") 1)

  (data (i32.const 0) "0123456789abcdef")

  ;; $radix: bits of a digit, 1 or 4. $spare: 32 less the value's own bits; those above them are written as 0. $gap, $end: the characters, 16 bytes each.
  ;; Returns 0 when all values fit their bits. Binary words without a gap are written as many at once as 32 characters hold.
  (func (export "encode") (param $from i32) (param $to i32) (param $lines i32) (param $words i32) (param $width i32) (param $radix i32)
      (param $gap i32) (param $gapLength i32) (param $end i32) (param $endLength i32) (param $spare i32) (param $signed i32) (result i32)
    (local $shift i32) (local $word i32) (local $value i32) (local $beyond i32) (local $negative i32) (local $mask i32) (local $most i32) (local $bits i32) (local $count i32)
    (local $x v128) (local $gaps v128) (local $ends v128) (local $hex v128)
    (local.set $shift (i32.sub (i32.const 32) (i32.mul (local.get $width) (local.get $radix))))
    (local.set $mask (i32.shr_u (i32.const -1) (local.get $spare)))
    (local.set $negative (select (i32.const 0) (i32.const 0x80000000) (local.get $signed)))
    (local.set $most (select (i32.const 0) (local.get $shift) (local.get $gapLength)))
    (local.set $gaps (v128.load (local.get $gap)))
    (local.set $ends (v128.load (local.get $end)))
    (local.set $hex (v128.load (i32.const 0)))
    (loop $next
      (local.set $word (local.get $words))
      (loop $digits
        (local.set $value (i32.load (local.get $from)))
        (local.set $from (i32.add (local.get $from) (i32.const 4)))
        (local.set $beyond (i32.or (local.get $beyond) (i32.or (i32.and (local.get $value) (local.get $negative)) (i32.xor (local.get $value)
          (select (i32.shr_s (i32.shl (local.get $value) (local.get $spare)) (local.get $spare)) (i32.and (local.get $value) (local.get $mask)) (local.get $signed))))))
        (local.set $value (i32.and (local.get $value) (local.get $mask)))
        (local.set $word (i32.sub (local.get $word) (i32.const 1)))
        (if (i32.eq (local.get $radix) (i32.const 1))
          (then
            ;; A shift by 32 is none, but then nothing was there
            (local.set $bits (i32.or (i32.shl (local.get $bits) (local.get $width)) (local.get $value)))
            (local.set $count (i32.add (local.get $count) (local.get $width)))
            (br_if $digits (i32.and (i32.ne (local.get $word) (i32.const 0)) (i32.le_u (local.get $count) (local.get $most))))
            (local.set $x (i32x4.splat (i32.shl (local.get $bits) (i32.sub (i32.const 32) (local.get $count)))))
            (v128.store (local.get $to) (i8x16.sub (i8x16.splat (i32.const 0x30)) (i8x16.eq (v128.const i8x16 128 64 32 16 8 4 2 1 128 64 32 16 8 4 2 1)
              (v128.and (v128.const i8x16 128 64 32 16 8 4 2 1 128 64 32 16 8 4 2 1) (i8x16.shuffle 3 3 3 3 3 3 3 3 2 2 2 2 2 2 2 2 (local.get $x) (local.get $x))))))
            (v128.store offset=16 (local.get $to) (i8x16.sub (i8x16.splat (i32.const 0x30)) (i8x16.eq (v128.const i8x16 128 64 32 16 8 4 2 1 128 64 32 16 8 4 2 1)
              (v128.and (v128.const i8x16 128 64 32 16 8 4 2 1 128 64 32 16 8 4 2 1) (i8x16.shuffle 1 1 1 1 1 1 1 1 0 0 0 0 0 0 0 0 (local.get $x) (local.get $x))))))
            (local.set $to (i32.add (local.get $to) (local.get $count)))
            (local.set $bits (i32.const 0))
            (local.set $count (i32.const 0)))
          (else
            ;; The first digit is the topmost
            (local.set $x (i32x4.splat (i32.shl (local.get $value) (local.get $shift))))
            (local.set $x (i8x16.shuffle 3 3 2 2 1 1 0 0 3 3 2 2 1 1 0 0 (local.get $x) (local.get $x)))
            (v128.store (local.get $to) (i8x16.swizzle (local.get $hex) (v128.bitselect
              (v128.and (local.get $x) (i8x16.splat (i32.const 15)))
              (v128.and (i16x8.shr_u (local.get $x) (i32.const 4)) (i8x16.splat (i32.const 15)))
              (v128.const i8x16 0 -1 0 -1 0 -1 0 -1 0 -1 0 -1 0 -1 0 -1))))
            (local.set $to (i32.add (local.get $to) (local.get $width)))))
        (if (local.get $word) (then
          (br_if $digits (i32.eqz (local.get $gapLength)))
          (v128.store (local.get $to) (local.get $gaps))
          (local.set $to (i32.add (local.get $to) (local.get $gapLength)))
          (br $digits))))
      (v128.store (local.get $to) (local.get $ends))
      (local.set $to (i32.add (local.get $to) (local.get $endLength)))
      (br_if $next (local.tee $lines (i32.sub (local.get $lines) (i32.const 1)))))
    (local.get $beyond))

  ;; The first so many bytes of a vector.
  (func $first (param $count i32) (result v128)
    (i8x16.lt_s (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15) (i8x16.splat (local.get $count))))

  ;; $high: bits of a value above the word's own. They must be 0, or, with $copies, copies of its sign; with $high 0 they are not looked
  ;; at. $spare: 32 less the word's own bits. Returns 0 when all lines are as they should be. Binary words without a gap are read as many
  ;; at once as 32 characters hold.
  (func (export "decode") (param $from i32) (param $to i32) (param $lines i32) (param $words i32) (param $width i32) (param $radix i32)
      (param $gap i32) (param $gapLength i32) (param $end i32) (param $endLength i32)
      (param $spare i32) (param $signed i32) (param $high i32) (param $copies i32) (result i32)
    (local $shift i32) (local $word i32) (local $value i32) (local $own i32) (local $above i32) (local $wrong i32) (local $bits i32) (local $left i32) (local $atOnce i32)
    (local $bad v128) (local $x v128) (local $y v128) (local $digit v128) (local $letter v128) (local $isLetter v128)
    (local $gaps v128) (local $ends v128) (local $gapMask v128) (local $endMask v128)
    (local $xMask v128) (local $yMask v128) (local $fullX v128) (local $fullY v128)
    (local.set $gaps (v128.load (local.get $gap)))
    (local.set $ends (v128.load (local.get $end)))
    (local.set $gapMask (call $first (local.get $gapLength)))
    (local.set $endMask (call $first (local.get $endLength)))
    (local.set $shift (i32.sub (i32.const 32) (i32.mul (local.get $width) (local.get $radix))))
    (local.set $atOnce (select (i32.const 1) (i32.div_u (i32.const 32) (local.get $width)) (i32.or (local.get $gapLength) (i32.ne (local.get $radix) (i32.const 1)))))
    ;; Of the characters that are read at once, those of digits
    (local.set $fullX (call $first (i32.mul (local.get $atOnce) (local.get $width))))
    (local.set $fullY (call $first (i32.sub (i32.mul (local.get $atOnce) (local.get $width)) (i32.const 16))))
    (loop $next
      (local.set $word (local.get $words))
      (loop $digits
        (if (i32.eq (local.get $radix) (i32.const 1))
          (then
            (if (i32.eqz (local.get $left)) (then
              (if (i32.le_u (local.get $atOnce) (local.get $word))
                (then
                  (local.set $left (local.get $atOnce))
                  (local.set $xMask (local.get $fullX))
                  (local.set $yMask (local.get $fullY)))
                (else
                  (local.set $left (local.get $word))
                  (local.set $xMask (call $first (i32.mul (local.get $left) (local.get $width))))
                  (local.set $yMask (call $first (i32.sub (i32.mul (local.get $left) (local.get $width)) (i32.const 16))))))
              (local.set $x (v128.load (local.get $from)))
              (local.set $y (v128.load offset=16 (local.get $from)))
              (local.set $bits (i32.or
                (i32.shl (i8x16.bitmask (i16x8.shl (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get $x) (local.get $x)) (i32.const 7))) (i32.const 16))
                (i8x16.bitmask (i16x8.shl (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get $y) (local.get $y)) (i32.const 7)))))
              (local.set $bad (v128.or (local.get $bad) (v128.and (i8x16.splat (i32.const 0xfe)) (v128.or
                (v128.and (v128.xor (local.get $x) (i8x16.splat (i32.const 0x30))) (local.get $xMask))
                (v128.and (v128.xor (local.get $y) (i8x16.splat (i32.const 0x30))) (local.get $yMask))))))))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (local.set $value (i32.shr_u (local.get $bits) (local.get $shift)))
            (local.set $bits (i32.shl (local.get $bits) (local.get $width))))
          (else
            ;; Digits, and letters of either case
            (local.set $x (v128.load (local.get $from)))
            (local.set $digit (i8x16.sub (local.get $x) (i8x16.splat (i32.const 0x30))))
            (local.set $letter (i8x16.sub (v128.or (local.get $x) (i8x16.splat (i32.const 0x20))) (i8x16.splat (i32.const 0x61))))
            (local.set $isLetter (i8x16.le_u (local.get $letter) (i8x16.splat (i32.const 5))))
            (local.set $bad (v128.or (local.get $bad) (v128.andnot (local.get $fullX)
              (v128.or (local.get $isLetter) (i8x16.le_u (local.get $digit) (i8x16.splat (i32.const 9)))))))
            (local.set $x (v128.bitselect (i8x16.add (local.get $letter) (i8x16.splat (i32.const 10))) (local.get $digit) (local.get $isLetter)))
            ;; The last digit first; then two digits make a byte
            (local.set $x (i8x16.shuffle 7 6 5 4 3 2 1 0 7 6 5 4 3 2 1 0 (local.get $x) (local.get $x)))
            (local.set $x (v128.or (v128.and (local.get $x) (i16x8.splat (i32.const 15))) (v128.and (i16x8.shr_u (local.get $x) (i32.const 4)) (i16x8.splat (i32.const 0xf0)))))
            (local.set $value (i32.shr_u (i32x4.extract_lane 0 (i8x16.narrow_i16x8_u (local.get $x) (local.get $x))) (local.get $shift)))))
        (local.set $own (select
          (i32.shr_s (i32.shl (local.get $value) (local.get $spare)) (local.get $spare))
          (i32.shr_u (i32.shl (local.get $value) (local.get $spare)) (local.get $spare)) (local.get $signed)))
        (if (local.tee $above (i32.and (local.get $value) (local.get $high))) (then
          (local.set $wrong (i32.or (local.get $wrong) (i32.eqz (i32.and (local.get $copies)
            (i32.and (i32.eq (local.get $above) (local.get $high)) (i32.lt_s (local.get $own) (i32.const 0)))))))))
        (i32.store (local.get $to) (local.get $own))
        (local.set $to (i32.add (local.get $to) (i32.const 4)))
        (local.set $from (i32.add (local.get $from) (local.get $width)))
        (if (local.tee $word (i32.sub (local.get $word) (i32.const 1))) (then
          (br_if $digits (i32.eqz (local.get $gapLength)))
          (local.set $bad (v128.or (local.get $bad) (v128.and (v128.xor (v128.load (local.get $from)) (local.get $gaps)) (local.get $gapMask))))
          (local.set $from (i32.add (local.get $from) (local.get $gapLength)))
          (br $digits))))
      (local.set $bad (v128.or (local.get $bad) (v128.and (v128.xor (v128.load (local.get $from)) (local.get $ends)) (local.get $endMask))))
      (local.set $from (i32.add (local.get $from) (local.get $endLength)))
      (br_if $next (local.tee $lines (i32.sub (local.get $lines) (i32.const 1)))))
    (i32.or (local.get $wrong) (v128.any_true (local.get $bad))))

  ;; How many of the first lines have one newline, their last byte, and begin with a byte that $starts, a table of 256, allows.
  ;; $pitch: bytes of a line. Bytes behind the text are read, but not counted.
  (func (export "likeLines") (param $from i32) (param $lines i32) (param $pitch i32) (param $starts i32) (result i32)
    (local $done i32) (local $at i32) (local $last i32) (local $found v128)
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $done) (local.get $lines)))
        (local.set $at (local.get $from))
        (local.set $last (i32.add (local.get $from) (i32.sub (local.get $pitch) (i32.const 1))))
        (br_if $end (i32.ne (i32.load8_u (local.get $last)) (i32.const 10)))
        (br_if $end (i32.eqz (i32.load8_u (i32.add (local.get $starts) (i32.load8_u (local.get $at))))))
        (local.set $found (v128.const i32x4 0 0 0 0))
        (block $whole
          (loop $vectors
            (br_if $whole (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $last)))
            (local.set $found (v128.or (local.get $found) (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 10)))))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $vectors)))
        (br_if $end (v128.any_true (local.get $found)))
        ;; The rest, up to and with the last byte: the first newline in it has to be the last byte
        (br_if $end (i32.ne (i32.ctz (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 10))))) (i32.sub (local.get $last) (local.get $at))))
        (local.set $from (i32.add (local.get $from) (local.get $pitch)))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br $next)))
    (local.get $done))

  ;; How many of the first lines have at each place a byte of a class that may stand there. $places: for each byte of a line the bits of
  ;; such classes, with room for a vector behind them. $classes: two vectors, one by the low and one by the high half of a byte: what both say are
  ;; the classes of the byte, as bits. Bytes behind the text are read, but not counted.
  (func (export "fits") (param $from i32) (param $lines i32) (param $pitch i32) (param $places i32) (param $classes i32) (result i32)
    (local $done i32) (local $at i32) (local $whole i32) (local $wrong v128) (local $rest v128) (local $x v128) (local $low v128) (local $high v128)
    (local.set $low (v128.load (local.get $classes)))
    (local.set $high (v128.load offset=16 (local.get $classes)))
    (local.set $whole (i32.and (local.get $pitch) (i32.const -16)))
    (local.set $rest (call $first (i32.and (local.get $pitch) (i32.const 15))))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $done) (local.get $lines)))
        (local.set $wrong (v128.const i32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (block $vectorsDone
          (loop $vectors
            (br_if $vectorsDone (i32.ge_u (local.get $at) (local.get $whole)))
            (local.set $x (v128.load (i32.add (local.get $from) (local.get $at))))
            (local.set $wrong (v128.or (local.get $wrong) (i8x16.eq (v128.const i32x4 0 0 0 0)
              (v128.and (v128.load (i32.add (local.get $places) (local.get $at))) (v128.and
                (i8x16.swizzle (local.get $low) (v128.and (local.get $x) (i8x16.splat (i32.const 15))))
                (i8x16.swizzle (local.get $high) (i8x16.shr_u (local.get $x) (i32.const 4))))))))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $vectors)))
        (local.set $x (v128.load (i32.add (local.get $from) (local.get $at))))
        (local.set $wrong (v128.or (local.get $wrong) (v128.and (local.get $rest) (i8x16.eq (v128.const i32x4 0 0 0 0)
          (v128.and (v128.load (i32.add (local.get $places) (local.get $at))) (v128.and
            (i8x16.swizzle (local.get $low) (v128.and (local.get $x) (i8x16.splat (i32.const 15))))
            (i8x16.swizzle (local.get $high) (i8x16.shr_u (local.get $x) (i32.const 4)))))))))
        (br_if $end (v128.any_true (local.get $wrong)))
        (local.set $from (i32.add (local.get $from) (local.get $pitch)))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br $next)))
    (local.get $done))

  ;; How many of the first bytes at two places are equal.
  (func (export "same") (param $a i32) (param $b i32) (param $length i32) (result i32)
    (local $at i32) (local $p i32) (local $q i32)
    (block $differs
      (loop $next
        (br_if $differs (i32.gt_u (i32.add (local.get $at) (i32.const 64)) (local.get $length)))
        (local.set $p (i32.add (local.get $a) (local.get $at)))
        (local.set $q (i32.add (local.get $b) (local.get $at)))
        (br_if $differs (v128.any_true (v128.or
          (v128.or (v128.xor (v128.load (local.get $p)) (v128.load (local.get $q))) (v128.xor (v128.load offset=16 (local.get $p)) (v128.load offset=16 (local.get $q))))
          (v128.or (v128.xor (v128.load offset=32 (local.get $p)) (v128.load offset=32 (local.get $q))) (v128.xor (v128.load offset=48 (local.get $p)) (v128.load offset=48 (local.get $q)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (block $end
      (loop $byte
        (br_if $end (i32.ge_u (local.get $at) (local.get $length)))
        (br_if $end (i32.ne (i32.load8_u (i32.add (local.get $a) (local.get $at))) (i32.load8_u (i32.add (local.get $b) (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $byte)))
    (local.get $at))

  ;; Writes where the newlines among some bytes are, from their first byte; there has to be room for as many as there are bytes. Returns how many.
  (func (export "newlines") (param $from i32) (param $length i32) (param $to i32) (result i32)
    (local $at i32) (local $mask i32) (local $first i32)
    (local.set $first (local.get $to))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $mask (i8x16.bitmask (i8x16.eq (v128.load (i32.add (local.get $from) (local.get $at))) (i8x16.splat (i32.const 10)))))
        (if (i32.lt_u (i32.sub (local.get $length) (local.get $at)) (i32.const 16)) (then
          (local.set $mask (i32.and (local.get $mask) (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $length) (local.get $at))) (i32.const 1))))))
        (block $none
          (loop $each
            (br_if $none (i32.eqz (local.get $mask)))
            (i32.store (local.get $to) (i32.add (local.get $at) (i32.ctz (local.get $mask))))
            (local.set $to (i32.add (local.get $to) (i32.const 4)))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (br $each)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (i32.shr_u (i32.sub (local.get $to) (local.get $first)) (i32.const 2)))
)
