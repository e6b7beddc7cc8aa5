;; Compares one vector of whole numbers from -127 to 127 with many. A row has `width` bytes, a multiple of 32, the rest of
;; it zero. All places are in bytes of the memory; those of numbers of four bytes are aligned. `plain-kernel.ts` says the
;; same in JavaScript.
(module
  (memory (export "memory") 1)

  ;; The sum of the four lanes.
  (func $sum (param $lanes v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $lanes)) (i32x4.extract_lane 1 (local.get $lanes)))
      (i32.add (i32x4.extract_lane 2 (local.get $lanes)) (i32x4.extract_lane 3 (local.get $lanes)))))

  ;; Sixteen products of a row's bytes and the query's sixteen-bit numbers, added up in four lanes.
  (func $products (param $row i32) (param $query i32) (result v128)
    (local $bytes v128)
    (local.set $bytes (v128.load (local.get $row)))
    (i32x4.add
      (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load (local.get $query)))
      (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=16 (local.get $query)))))

  ;; Scores rows: the product of each with the query, times the row's factor.
  ;;   query    `width` numbers of sixteen bits
  ;;   factors  a float for each row
  ;;   scores   a float for each row, written
  (func (export "scan")
    (param $rows i32) (param $count i32) (param $width i32) (param $query i32) (param $factors i32) (param $scores i32)
    (local $end i32) (local $at i32) (local $left v128) (local $right v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $end (i32.add (local.get $rows) (local.get $width)))
        (local.set $at (local.get $query))
        (local.set $left (v128.const i32x4 0 0 0 0))
        (local.set $right (v128.const i32x4 0 0 0 0))
        (loop $along
          (local.set $left
            (i32x4.add (local.get $left) (call $products (local.get $rows) (local.get $at))))
          (local.set $right
            (i32x4.add (local.get $right)
              (call $products (i32.add (local.get $rows) (i32.const 16)) (i32.add (local.get $at) (i32.const 32)))))
          (local.set $rows (i32.add (local.get $rows) (i32.const 32)))
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (br_if $along (i32.lt_u (local.get $rows) (local.get $end))))
        (f32.store (local.get $scores)
          (f32.mul
            (f32.convert_i32_s (call $sum (i32x4.add (local.get $left) (local.get $right))))
            (f32.load (local.get $factors))))
        (local.set $factors (i32.add (local.get $factors) (i32.const 4)))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next))))

  ;; Writes for each row what makes its length one: a float, zero for a row of zeros.
  (func (export "measure") (param $rows i32) (param $count i32) (param $width i32) (param $factors i32)
    (local $end i32) (local $lanes v128) (local $bytes v128) (local $part v128) (local $squares i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $end (i32.add (local.get $rows) (local.get $width)))
        (local.set $lanes (v128.const i32x4 0 0 0 0))
        (loop $along
          (local.set $bytes (v128.load (local.get $rows)))
          (local.set $part (i16x8.extend_low_i8x16_s (local.get $bytes)))
          (local.set $lanes
            (i32x4.add (local.get $lanes) (i32x4.dot_i16x8_s (local.get $part) (local.get $part))))
          (local.set $part (i16x8.extend_high_i8x16_s (local.get $bytes)))
          (local.set $lanes
            (i32x4.add (local.get $lanes) (i32x4.dot_i16x8_s (local.get $part) (local.get $part))))
          (local.set $rows (i32.add (local.get $rows) (i32.const 16)))
          (br_if $along (i32.lt_u (local.get $rows) (local.get $end))))
        (local.set $squares (call $sum (local.get $lanes)))
        (f32.store (local.get $factors)
          (if (result f32) (i32.eqz (local.get $squares))
            (then (f32.const 0))
            (else (f32.div (f32.const 1) (f32.sqrt (f32.convert_i32_s (local.get $squares)))))))
        (local.set $factors (i32.add (local.get $factors) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))))
