import { createLogger, testSink } from '@aplomb/logger'

const sink = testSink()
// #region secrets
const logger = createLogger({
  service: 'shop',
  redact: { keys: ['cardNumber', /^ssn/i], censor: '***' },
  destination: sink.stream,
})
logger.info('payment', {
  order: { lines: [{ card_number: '4111 1111 1111 1111', price: 3 }] },
  callback: 'https://shop.example/paid?id=7&token=abc',
  level: 60, // cannot pass itself off as the line's
})
// #endregion
const [line] = sink.lines()
console.log(JSON.stringify(line?.order)) // → {"lines":[{"card_number":"***","price":3}]}
console.log(line?.callback) // → https://shop.example/paid?id=7&token=***
console.log(line?.level, line?.fields) // → 30 { level: 60 }
