;; Finds the places of a text at which a key may begin or a name may end. From 0x4000 on the text stands in UTF-16: 128
;; units to look back at, 8192 to go over, and 64 to look ahead at. From 0x3000 on there are two numbers for each 32 of the
;; units gone over, with a bit for each: whether a sign or the end of the word `key` is to be looked at there, and whether a
;; run of fifteen letters, digits, `_` and `-` or more begins. Places are in bytes of the memory.
(module
  (memory (export "memory") 1)

  ;; A bit for each of 16 units, by what they are: of runs from 0x400 on; `+`, `.`, `/`, `:` and `=` from 0x900 on; the last
  ;; two from 0xe00 on; the letters of `key` from 0x1300, 0x1800 and 0x1d00 on.
  ;;   end  of the bits, in bytes
  (func $classify (param $end i32)
    (local $unit i32) (local $bit i32) (local $bytes v128) (local $small v128) (local $given v128)
    (local.set $unit (i32.const 0x4000))
    (loop $next
      ;; What is beyond ASCII becomes 0 or 255.
      (local.set $bytes
        (i8x16.narrow_i16x8_u (v128.load (local.get $unit)) (v128.load offset=16 (local.get $unit))))
      (local.set $small (v128.or (local.get $bytes) (i8x16.splat (i32.const 32))))
      (i32.store16 offset=0x400 (local.get $bit)
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.lt_u (i8x16.sub (local.get $small) (i8x16.splat (i32.const 97))) (i8x16.splat (i32.const 26)))
              (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 48))) (i8x16.splat (i32.const 10))))
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 45)))
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 95)))))))
      (local.set $given
        (v128.or
          (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 58)))
          (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 61)))))
      (i32.store16 offset=0xe00 (local.get $bit) (i8x16.bitmask (local.get $given)))
      (i32.store16 offset=0x900 (local.get $bit)
        (i8x16.bitmask
          (v128.or
            (local.get $given)
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 43)))
              (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 46))) (i8x16.splat (i32.const 2)))))))
      (i32.store16 offset=0x1300 (local.get $bit)
        (i8x16.bitmask (i8x16.eq (local.get $small) (i8x16.splat (i32.const 107)))))
      (i32.store16 offset=0x1800 (local.get $bit)
        (i8x16.bitmask (i8x16.eq (local.get $small) (i8x16.splat (i32.const 101)))))
      (i32.store16 offset=0x1d00 (local.get $bit)
        (i8x16.bitmask (i8x16.eq (local.get $small) (i8x16.splat (i32.const 121)))))
      (local.set $unit (i32.add (local.get $unit) (i32.const 32)))
      (local.set $bit (i32.add (local.get $bit) (i32.const 2)))
      (br_if $next (i32.lt_u (local.get $bit) (local.get $end)))))

  ;; Looks at some of the units, and at 32 or more ahead of them.
  (func (export "scan") (param $units i32)
    (local $end i32) (local $bit i32) (local $out i32) (local $runs i64) (local $before i64) (local $ahead i64) (local $keys i64)
    (local.set $end (i32.add (i32.shr_u (local.get $units) (i32.const 3)) (i32.const 16)))
    (call $classify (i32.add (local.get $end) (i32.const 8)))
    ;; Behind the 128 units before.
    (local.set $bit (i32.const 16))
    (loop $next
      ;; 32 units, and in the upper half those that follow; whether what stands before each is of a run.
      (local.set $runs (i64.load offset=0x400 align=1 (local.get $bit)))
      (local.set $before
        (i64.shr_u
          (i64.load offset=0x3fc align=1 (local.get $bit))
          (i64.const 31)))
      (local.set $keys
        (i64.and
          (i64.and
            (i64.shr_u (i64.load offset=0x1cfc align=1 (local.get $bit)) (i64.const 32))
            (i64.shr_u (i64.load offset=0x17fc align=1 (local.get $bit)) (i64.const 31)))
          (i64.and
            (i64.shr_u (i64.load offset=0x12fc align=1 (local.get $bit)) (i64.const 30))
            (i64.xor (i64.shr_u (local.get $runs) (i64.const 1)) (i64.const -1)))))
      (i32.store offset=0x3000 (local.get $out)
        (i32.wrap_i64
          (i64.or
            (i64.or
              (local.get $keys)
              (i64.extend_i32_u (i32.load offset=0xe00 align=1 (local.get $bit))))
            (i64.and
              (local.get $before)
              (i64.extend_i32_u (i32.load offset=0x900 align=1 (local.get $bit)))))))
      ;; Where runs of 2, 4, 8, 15 begin or go on.
      (local.set $ahead (i64.and (local.get $runs) (i64.shr_u (local.get $runs) (i64.const 1))))
      (local.set $ahead (i64.and (local.get $ahead) (i64.shr_u (local.get $ahead) (i64.const 2))))
      (local.set $ahead (i64.and (local.get $ahead) (i64.shr_u (local.get $ahead) (i64.const 4))))
      (local.set $ahead (i64.and (local.get $ahead) (i64.shr_u (local.get $ahead) (i64.const 7))))
      (i32.store offset=0x3004 (local.get $out)
        (i32.wrap_i64 (i64.and (local.get $ahead) (i64.xor (local.get $before) (i64.const -1)))))
      (local.set $out (i32.add (local.get $out) (i32.const 8)))
      (local.set $bit (i32.add (local.get $bit) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $bit) (local.get $end))))))
