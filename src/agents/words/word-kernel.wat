;; Finds the terms of the words of a text. The text, in UTF-8, stands somewhere behind `text`, with a sign behind its end
;; that is of no word; so does what is found. All places are in bytes of the memory. `known-words.ts` fills the tables, and
;; says what they hold.
(module
  (memory (export "memory") 224)
  ;; Where tables begin; at 0, one that says for each byte of UTF-8 whether it is of words.
  (global (export "scratch") i32 (i32.const 0x100))
  (global (export "slots") i32 (i32.const 0x10000))
  (global (export "records") i32 (i32.const 0x110000))
  (global (export "longWords") i32 (i32.const 0x320000))
  (global (export "lists") i32 (i32.const 0x530000))
  (global (export "terms") i32 (i32.const 0x740000))
  (global (export "longTerms") i32 (i32.const 0xb50000))
  (global (export "text") i32 (i32.const 0xd60000))

  ;; Of a word that is not known: where it begins and ends, its hash, and the slot that is free for it.
  (global $from (export "from") (mut i32) (i32.const 0))
  (global $to (export "to") (mut i32) (i32.const 0))
  (global $hash (export "hash") (mut i32) (i32.const 0))
  (global $slot (export "slot") (mut i32) (i32.const 0))

  ;; What the eight bytes at a place make with what stood before them.
  (func $mix (param $before i64) (param $bytes i64) (result i64)
    (local.set $bytes (i64.mul (i64.xor (local.get $before) (local.get $bytes)) (i64.const 0x9e3779b97f4a7c15)))
    (i64.xor (local.get $bytes) (i64.shr_u (local.get $bytes) (i64.const 32))))

  ;; The first of eight bytes, as many as are left up to an end.
  (func $head (param $at i32) (param $left i32) (result i64)
    (i64.and
      (i64.load align=1 (local.get $at))
      (i64.shr_u
        (i64.const -1)
        (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $left) (i32.const 3)))))))

  ;; Notes a word as the one that is not known.
  (func $miss (param $from i32) (param $to i32) (param $hash i32) (param $slot i32) (result i32)
    (global.set $from (local.get $from))
    (global.set $to (local.get $to))
    (global.set $hash (local.get $hash))
    (global.set $slot (local.get $slot))
    (i32.const 0))

  ;; The term of a word, or where its terms are listed, below zero; 0 for a word that is not known.
  (func $find (export "find") (param $from i32) (param $to i32) (result i32)
    (local $bytes i64) (local $hash i32) (local $slot i32) (local $known i32) (local $record i32)
    (if (i32.gt_u (i32.sub (local.get $to) (local.get $from)) (i32.const 8))
      (then (return (call $findLong (local.get $from) (local.get $to)))))
    (local.set $bytes (call $head (local.get $from) (i32.sub (local.get $to) (local.get $from))))
    (local.set $hash (i32.wrap_i64 (call $mix (i64.const 0) (local.get $bytes))))
    (local.set $slot (i32.and (local.get $hash) (i32.const 0x3ffff)))
    (loop $next
      (local.set $known (i32.load offset=0x10000 (i32.shl (local.get $slot) (i32.const 2))))
      (if (i32.eqz (local.get $known))
        (then (return (call $miss (local.get $from) (local.get $to) (local.get $hash) (local.get $slot)))))
      (if (i32.eq (i32.and (local.get $known) (i32.const 0x3fff)) (i32.shr_u (local.get $hash) (i32.const 18)))
        (then
          (local.set $record (i32.shl (i32.shr_u (local.get $known) (i32.const 14)) (i32.const 4)))
          (if (i64.eq (i64.load offset=0x110000 (local.get $record)) (local.get $bytes))
            (then
              (if (i32.eqz (i32.load offset=0x110008 (local.get $record)))
                (then (return (i32.load offset=0x11000c (local.get $record)))))))))
      (local.set $slot (i32.and (i32.add (local.get $slot) (i32.const 1)) (i32.const 0x3ffff)))
      (br $next))
    (unreachable))

  ;; As $find, of more than eight bytes.
  (func $findLong (param $from i32) (param $to i32) (result i32)
    (local $sum i64) (local $at i32) (local $hash i32) (local $slot i32) (local $known i32) (local $record i32)
    (local.set $at (local.get $from))
    (loop $along
      (local.set $sum (call $mix (local.get $sum) (i64.load align=1 (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $along (i32.le_u (i32.add (local.get $at) (i32.const 8)) (local.get $to))))
    (if (i32.lt_u (local.get $at) (local.get $to))
      (then
        (local.set $sum
          (call $mix (local.get $sum) (call $head (local.get $at) (i32.sub (local.get $to) (local.get $at)))))))
    (local.set $hash (i32.wrap_i64 (local.get $sum)))
    (local.set $slot (i32.and (local.get $hash) (i32.const 0x3ffff)))
    (loop $next
      (local.set $known (i32.load offset=0x10000 (i32.shl (local.get $slot) (i32.const 2))))
      (if (i32.eqz (local.get $known))
        (then (return (call $miss (local.get $from) (local.get $to) (local.get $hash) (local.get $slot)))))
      (if (i32.eq (i32.and (local.get $known) (i32.const 0x3fff)) (i32.shr_u (local.get $hash) (i32.const 18)))
        (then
          (local.set $record (i32.shl (i32.shr_u (local.get $known) (i32.const 14)) (i32.const 4)))
          (if
            (i32.and
              (i32.and
                (i32.eq (i32.load offset=0x110000 (local.get $record)) (local.get $hash))
                (i32.eq (i32.load offset=0x110004 (local.get $record)) (i32.sub (local.get $to) (local.get $from))))
              (i32.ne (i32.load offset=0x110008 (local.get $record)) (i32.const 0)))
            (then
              (if
                (call $same
                  (local.get $from)
                  (local.get $to)
                  (i32.add (i32.const 0x320000) (i32.load offset=0x110008 (local.get $record))))
                (then (return (i32.load offset=0x11000c (local.get $record)))))))))
      (local.set $slot (i32.and (i32.add (local.get $slot) (i32.const 1)) (i32.const 0x3ffff)))
      (br $next))
    (unreachable))

  ;; Says whether more than eight bytes are the same at two places.
  (func $same (param $from i32) (param $to i32) (param $there i32) (result i32)
    (local $back i32)
    (loop $along
      (if (i64.ne (i64.load align=1 (local.get $from)) (i64.load align=1 (local.get $there)))
        (then (return (i32.const 0))))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (local.set $there (i32.add (local.get $there) (i32.const 8)))
      (br_if $along (i32.le_u (i32.add (local.get $from) (i32.const 8)) (local.get $to))))
    ;; The last eight, some of them again.
    (local.set $back (i32.sub (i32.add (local.get $from) (i32.const 8)) (local.get $to)))
    (i64.eq
      (i64.load align=1 (i32.sub (local.get $from) (local.get $back)))
      (i64.load align=1 (i32.sub (local.get $there) (local.get $back)))))

  ;; Writes a term unless the passage has it `most` times already. Behind it, bytes may be written that say nothing.
  ;;   record   eight times the term's number
  ;;   returns  where it ends
  (func $write (param $term i32) (param $passage i32) (param $most i32) (param $out i32) (result i32)
    (local $record i32) (local $seen i32) (local $length i32) (local $at i32)
    (local.set $record (i32.shl (local.get $term) (i32.const 5)))
    (local.set $seen (i32.sub (i32.load offset=0x740000 (local.get $record)) (local.get $passage)))
    (if (i32.ge_s (local.get $seen) (local.get $most))
      (then (return (local.get $out))))
    (i32.store offset=0x740000 (local.get $record)
      (i32.add
        (i32.add (local.get $passage) (i32.const 1))
        (select (local.get $seen) (i32.const 0) (i32.gt_s (local.get $seen) (i32.const 0)))))
    (local.set $length (i32.load offset=0x740004 (local.get $record)))
    (if (i32.le_u (local.get $length) (i32.const 16))
      (then
        (i64.store align=1 (local.get $out) (i64.load offset=0x740010 (local.get $record)))
        (i64.store offset=8 align=1 (local.get $out) (i64.load offset=0x740018 (local.get $record))))
      (else
        (local.set $record (i32.load offset=0x74000c (local.get $record)))
        (loop $along
          (i64.store align=1
            (i32.add (local.get $out) (local.get $at))
            (i64.load offset=0xb50000 align=1 (i32.add (local.get $record) (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $along (i32.lt_u (local.get $at) (local.get $length))))))
    (i32.add (local.get $out) (local.get $length)))

  ;; Writes the terms of a list: the first is that of the word itself.
  (func $writeList (param $list i32) (param $passage i32) (param $out i32) (result i32)
    (local $at i32) (local $end i32)
    (local.set $at (i32.add (i32.const 0x530000) (i32.shl (local.get $list) (i32.const 2))))
    (local.set $end
      (i32.add (i32.add (local.get $at) (i32.const 4)) (i32.shl (i32.load (local.get $at)) (i32.const 2))))
    (local.set $at (i32.add (local.get $at) (i32.const 4)))
    (local.set $out
      (call $write (i32.load (local.get $at)) (local.get $passage) (i32.const 4) (local.get $out)))
    (loop $next
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $out
            (call $write (i32.load (local.get $at)) (local.get $passage) (i32.const 0) (local.get $out)))
          (br $next))))
    (local.get $out))

  ;; Writes the terms of the words between two places, as often as they count in a passage, up to a word that is not known:
  ;; then `from` is before the end.
  ;;   returns  where they end
  (func (export "write") (param $at i32) (param $end i32) (param $passage i32) (param $out i32) (result i32)
    (local $first i32) (local $term i32)
    (loop $next
      (block $inWord
        (loop $between
          (if (i32.ge_u (local.get $at) (local.get $end))
            (then
              (global.set $from (local.get $end))
              (return (local.get $out))))
          (br_if $inWord (i32.load8_u (i32.load8_u (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $between)))
      (local.set $first (local.get $at))
      (loop $inside
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $inside (i32.load8_u (i32.load8_u (local.get $at)))))
      (local.set $term (call $find (local.get $first) (local.get $at)))
      (if (i32.gt_s (local.get $term) (i32.const 0))
        (then
          (local.set $out (call $write (local.get $term) (local.get $passage) (i32.const 4) (local.get $out))))
        (else
          (if (i32.eqz (local.get $term))
            (then (return (local.get $out))))
          (local.set $out
            (call $writeList (i32.sub (i32.const 0) (local.get $term)) (local.get $passage) (local.get $out)))))
      (br $next))
    (unreachable)))
