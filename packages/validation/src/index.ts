export type { Change, ChangeWhat } from './changes.ts'
export { cleanText, type CleanedText } from './clean-text.ts'
export { findings, type Finding } from './findings.ts'
export {
  identifier,
  parseSessionId,
  parseUserId,
  sessionId,
  userId,
  validateSessionId,
  validateUserId,
  type IdentifierOptions,
} from './identifier.ts'
export type { ProblemDetails } from './problem-details.ts'
export type { Result } from './result.ts'
export { safeJson, type JsonLimits } from './safe-json.ts'
export { toProblem } from './to-problem.ts'
export { parseUserInput, userInput, validateUserInput, type LengthLimits, type UserInputOptions } from './user-input.ts'
export { isValidationError, ValidationError, type Issue, type ValidationStatus } from './validation-error.ts'
