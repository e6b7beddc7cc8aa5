import { expect, test } from "vitest";
import { withIdeographs } from "./ideographs.ts";

test("radicals that documents put in the place of ideographs are read as these, without a change of length", () => {
  const written = "员⼯⼿册：⻅附件，部⻔经理，⻓⻛⻢⻋⻚，⺠，⻰⻬⺟⻳";
  expect(withIdeographs(written)).toBe("员工手册：见附件，部门经理，长风马车页，民，龙齐母龟");
  expect(withIdeographs(written)).toHaveLength(written.length);
});

test("what stands for no ideograph, and every other text, stays as it is", () => {
  expect(withIdeographs("⺀⺚⺇ ﬁ Ａ 工")).toBe("⺀⺚⺇ ﬁ Ａ 工");
});

test("every ideograph of the table is one", () => {
  const all = Array.from({ length: 0x2ef4 - 0x2e80 }, (_, at) => String.fromCharCode(0x2e80 + at));
  const changed = all.filter((radical) => withIdeographs(radical) !== radical);
  expect(changed.length).toBeGreaterThan(95);
  expect(changed.filter((radical) => !/^\p{Unified_Ideograph}$/u.test(withIdeographs(radical)))).toEqual([]);
});
