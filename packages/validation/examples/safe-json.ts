import { safeJson } from '@aplomb/validation'

// #region safe-json
for (const text of ['{"amount":5}', '{"role":"user","role":"admin"}', '['.repeat(40_000), '{"pin":1234']) {
  const body = safeJson(text, { depth: 8 })
  console.log(body.ok ? body.value : body.issues[0]?.message)
}
// → { amount: 5 }
// → has an object with the same key twice
// → may nest at most 8 containers
// → must be JSON in UTF-8
// #endregion
