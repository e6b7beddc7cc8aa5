;; Finds words of a text by their first two units. The text, in UTF-16, stands behind `text`, with a unit behind its end that
;; is of no word. All places are in bytes of the memory.
(module
  (memory (export "memory") 5)
  ;; For each unit: whether it is of words; as what words may begin with it; after which beginnings it may stand.
  (global (export "ofWords") i32 (i32.const 0))
  (global (export "first") i32 (i32.const 0x10000))
  (global (export "second") i32 (i32.const 0x20000))
  (global (export "text") i32 (i32.const 0x30000))

  ;; Notes a word, and how many stand before it, if it begins as is wanted.
  ;;   returns  where what is noted ends
  (func $note (param $start i32) (param $end i32) (param $place i32) (param $out i32) (result i32)
    (if
      (i32.and
        (i32.load8_u offset=0x10000 (i32.load16_u (local.get $start)))
        (i32.load8_u offset=0x20000 (i32.load16_u offset=2 (local.get $start))))
      (then
        (i32.store (local.get $out) (local.get $start))
        (i32.store offset=4 (local.get $out) (local.get $end))
        (i32.store offset=8 (local.get $out) (local.get $place))
        (return (i32.add (local.get $out) (i32.const 12)))))
    (local.get $out))

  (func $isCapital (param $at i32) (result i32)
    (i32.lt_u (i32.sub (i32.load16_u (local.get $at)) (i32.const 65)) (i32.const 26)))

  ;; Whether a part of an identifier begins: see `beginsPart`.
  (func $beginsPart (param $at i32) (param $end i32) (result i32)
    (local $next i32)
    (if (i32.eqz (call $isCapital (local.get $at)))
      (then (return (i32.const 0))))
    (if (i32.eqz (call $isCapital (i32.sub (local.get $at) (i32.const 2))))
      (then (return (i32.const 1))))
    (if (i32.ge_u (i32.add (local.get $at) (i32.const 2)) (local.get $end))
      (then (return (i32.const 0))))
    (local.set $next (i32.load16_u offset=2 (local.get $at)))
    (i32.and
      (i32.ge_u (local.get $next) (i32.const 97))
      (i32.eqz
        (i32.and
          (i32.eq (i32.add (local.get $at) (i32.const 4)) (local.get $end))
          (i32.eq (local.get $next) (i32.const 115))))))

  ;; Notes the words of a text, and behind each identifier its parts: three numbers for each, where it begins and ends and
  ;; how many words stand before it.
  ;;   longest  identifiers with more bytes have no parts
  ;;   returns  where they end
  (func (export "find") (param $at i32) (param $end i32) (param $longest i32) (param $out i32) (result i32)
    (local $start i32) (local $unit i32) (local $capitals i32) (local $hasParts i32) (local $place i32) (local $part i32)
    (loop $next
      (loop $between
        (if (i32.ge_u (local.get $at) (local.get $end))
          (then (return (local.get $out))))
        (local.set $unit (i32.load16_u (local.get $at)))
        (if (i32.eqz (i32.load8_u (local.get $unit)))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 2)))
            (br $between))))
      (local.set $start (local.get $at))
      (local.set $capitals (i32.const 0))
      (local.set $hasParts (i32.const 0))
      (loop $inside
        ;; In order of frequency: small letters, then capitals.
        (if (i32.ge_u (local.get $unit) (i32.const 97))
          (then
            (local.set $hasParts (i32.or (local.get $hasParts) (i32.gt_u (local.get $capitals) (i32.const 1))))
            (local.set $capitals (i32.const 0)))
          (else
            (if (i32.ge_u (local.get $unit) (i32.const 65))
              (then
                (local.set $hasParts
                  (i32.or
                    (local.get $hasParts)
                    (i32.and (i32.eqz (local.get $capitals)) (i32.gt_u (local.get $at) (local.get $start)))))
                (local.set $capitals (i32.add (local.get $capitals) (i32.const 1))))
              (else (local.set $capitals (i32.const 0))))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (local.set $unit (i32.load16_u (local.get $at)))
        (br_if $inside (i32.load8_u (local.get $unit))))
      (local.set $out (call $note (local.get $start) (local.get $at) (local.get $place) (local.get $out)))
      (local.set $place (i32.add (local.get $place) (i32.const 1)))
      (br_if $next (i32.eqz (local.get $hasParts)))
      (br_if $next (i32.gt_u (i32.sub (local.get $at) (local.get $start)) (local.get $longest)))
      (local.set $part (local.get $start))
      (loop $parts
        (local.set $part (i32.add (local.get $part) (i32.const 2)))
        (if
          (if (result i32) (i32.eq (local.get $part) (local.get $at))
            (then (i32.const 1))
            (else (call $beginsPart (local.get $part) (local.get $at))))
          (then
            (local.set $out (call $note (local.get $start) (local.get $part) (local.get $place) (local.get $out)))
            (local.set $place (i32.add (local.get $place) (i32.const 1)))
            (local.set $start (local.get $part))))
        (br_if $parts (i32.lt_u (local.get $part) (local.get $at))))
      (br $next))
    (unreachable)))
