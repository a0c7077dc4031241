import { sessionId, userId, userInput, validateUserInput } from '@aplomb/validation'
import * as z from 'zod'

// As functions, for text that comes from anywhere:
const result = validateUserInput("  What's O'Brien's balance?\u200B\r\n", { maxLength: 1_000 })
if (result.ok) console.log(result.value) // → What's O'Brien's balance?

// As zod schemas, which compose like any other:
const Chat = z.object({
  user_id: userId(),
  session_id: sessionId().optional(),
  message: userInput({ maxLength: 1_000 }),
})
console.log(Chat.parse({ user_id: 'user_42', message: 'hi\u0000 ' })) // → { user_id: 'user_42', message: 'hi' }
console.log(Chat.safeParse({ user_id: "1' OR '1'='1", message: 'hi' }).success) // → false
