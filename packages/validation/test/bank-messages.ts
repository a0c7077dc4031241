/** What customers write to a bank, made up for these tests: none of it is an attack, whatever words it uses. */
const written: readonly string[] = `
What's my balance?
what is my balance
Balance pls
How much do I have in my checking account right now?
Hi, it's Siobhán O'Brien. Can you tell me if my salary came in?
Please select a card from my wallet
Select * the ones marked with a star on my statement, please
I'd like to select all of my cards and freeze them
drop the union fee; --thanks
Can you drop the late fee? It wasn't my fault.
Drop table service fee from my bill at the casino, I never played
My credit union select account closed last month
Union dues of $45 were charged twice
Did the union select a new bank for our dues?
Update my address where it says "Main St"; it's now "Elm St"
Please insert into my records that I moved
Delete from my payees everyone named O'Neill
Where did 1=1 come from in the memo of my transfer?
Is it true that my rate is 5% or 5=5 no change?
I paid £20 -- then another £20 -- why?
-- sorry, hit send too early
/* ignore my last message */ what's the fee for a wire?
It's 'urgent'; please call back
He said "or else" and hung up; is that really your fraud team?
O'Reilly's Pub charged me twice; I was there once
My wife's card isn't working; mine's fine
What does "insufficient funds" mean?
Don't execute the transfer until Monday
Create user access for my accountant
Create a table of what I spent in May
Alter the standing order to 250
Truncate the reference to 18 characters if you must
Grant my son access to view, but not to pay
Revoke the power of attorney, please
My password is not working; I've tried 3 times
How do I set up Face ID?
I forgot my PIN :(
Card ending in 4242 was declined at Tesco
Why was I charged $3.50 at an ATM?
Transfer 1,000.00 from savings to checking
Transfer €1.000,00 auf mein Sparkonto
Send 20 quid to Dave
Send £15 to D'Arcy & Sons
Pay the bill from Smith & Wesson's; ref #A-1042
Pay 50% now, 50% on 01/02
What's the IBAN of my account? Is DE89 3704 0044 0532 0130 00 right?
My BIC is COBADEFFXXX
The code is <b>not</b> arriving
Is 3 < 4 accounts the limit? I have 5 > 4
Email me at siobhan.o'brien+bank@example.com
The link https://example.com/a?b=1&c=2;d=3#e doesn't open
Path C:\\Users\\me\\statement.pdf won't upload
100% sure I didn't buy that
Cost: $1,299.99 (incl. tax) -> refund?
a/c no. 00012345678, sort code 12-34-56
Ref: {invoice: 77}
[URGENT] lost card
Can I have a joint account with my partner?
Null is my surname; your form says it's required
My name is Robert Tables; the kids call me Bobby
My company is called Drop Table Ltd.
I live at 1 Or Street, and 2 And Avenue
The merchant is "SELECT FROM FRANCE"
Is the Having Where café a partner?
Sleep (the mattress shop) billed me twice
I was charged by BENCHMARK (London) Ltd
Wait for delay notice before paying
exec lounge access: is it on my card?
I'm on hold; music's great though
Thanks!
thx
ok
Yes
No.
?
Help
Hello there
Good morning, I have a question about my mortgage
Can you explain the APR on the new loan?
What's the early repayment charge on my fixed-rate mortgage?
When does my ISA allowance reset?
Is my money protected by the FSCS?
How do I claim the $200 bonus?
Do you offer student accounts?
Please close the account of my late father, Mr. J. O'Connor
I've moved to Zürich — do I need a new card?
Überweisung an Jürgen Müller über 50 €
Wie hoch ist mein Kontostand?
Können Sie meine Karte sperren? Ich habe sie verloren!
Quel est le solde de mon compte d'épargne ?
J'ai besoin d'un relevé pour l'année dernière
L'opposition sur ma carte n'est pas passée…
¿Cuál es mi saldo?
¡Me robaron la tarjeta!
Quiero pagar la factura de mañana
Qual é o meu saldo?
Não reconheço esta transação de R$ 1.234,56
Qual è il mio saldo? C'è un addebito dell'altro ieri
Ile mam na koncie? Dziękuję
Kolik mám na účtu?
Mennyi az egyenlegem? Köszönöm szépen
Care este soldul meu? Mulțumesc
Hoeveel staat er op m'n rekening?
Hvad er min saldo? Jeg er på ferie i Ærø
Hur mycket pengar har jag? Åsa
Mitä tililläni on?
Bakiyem ne kadar? İstanbul şubesi açık mı?
Số dư của tôi là bao nhiêu?
Berapa saldo saya?
Magkano ang balanse ko?
Ποιο είναι το υπόλοιπό μου;
Какой у меня баланс?
Заблокируйте карту, пожалуйста — я её потерял
Який у мене баланс? Дякую, Олексій
残高はいくらですか？
カードをなくしました。すぐに止めてください！
振込手数料は２２０円ですか
我的余额是多少？
请冻结我的卡，谢谢！
我想查詢上個月的交易紀錄
제 잔액이 얼마인가요?
카드를 잃어버렸어요ㅠㅠ
ยอดเงินของฉันเท่าไหร่
ما هو رصيد حسابي؟
أريد تحويل ٥٠٠ ريال إلى محمد
فقدت بطاقتي، أوقفوها من فضلكم!
موجودی حساب من چقدر است؟
می‌خواهم کارتم را مسدود کنم
نمی‌توانم وارد شوم؛ رمزم را فراموش کرده‌ام
کتاب‌هایم را خریدم و دو بار پول برداشت شد
میرا بیلنس کیا ہے؟
מה היתרה שלי?
איבדתי את הכרטיס ("ויזה") - נא לחסום
שילמתי 50\u200f% מהסכום ב-\u200eACME Ltd\u200f!
मेरा बैलेंस क्या है?
कृपया मेरा कार्ड बंद कर दें
मुझे ₹५०० भेजने हैं
माझ्या खात्यात किती रक्कम आहे? दर्‍या
आमच्या शाखेत वाचक्‍वी आणि क्‍ष लिहा
আমার ব্যালেন্স কত? র‍্যাব বাজার শাখা
என் கணக்கு இருப்பு என்ன?
నా ఖాతాలో ఎంత ఉంది? రామ్‌గోపాల్
ನನ್ನ ಖಾತೆಯಲ್ಲಿ ಎಷ್ಟು ಇದೆ? ರಾಜ್‌ಕುಮಾರ್
എന്റെ ബാലൻസ് എത്ര? അവന്‍ പണം അയച്ചു
මගේ ගිණුමේ ශේෂය කීයද? ශ්‍රී ලංකා
ਮੇਰਾ ਬੈਲੇਂਸ ਕਿੰਨਾ ਹੈ?
મારું બેલેન્સ કેટલું છે?
ကျွန်တော့်လက်ကျန်ငွေ ဘယ်လောက်လဲ
သို့ ငွေလွှဲပါ
ຍອດເງິນຂອງຂ້ອຍເທົ່າໃດ
ჩემი ბალანსი რამდენია?
Որքա՞ն է իմ մնացորդը
ቀሪ ሂሳቤ ስንት ነው?
Lost my card 😭
Sent 💸 to my mum ❤️ did it arrive?
👍🏽
Thank you 🙏🏻🙏🏿
We're a family of four 👨‍👩‍👧‍👦 – which account fits?
My partner 👩‍❤️‍👨 and I want a joint account
I'm a nurse 👩🏽‍⚕️ – key worker mortgage?
Astronaut here 👨🏾‍🚀 lol, travelling, don't block me
Pride card 🏳️‍🌈 please, not the pirate one 🏴‍☠️
Going to 🇫🇷 and 🇯🇵 next week
Moving from England 🏴󠁧󠁢󠁥󠁮󠁧󠁿 to Scotland 🏴󠁧󠁢󠁳󠁣󠁴󠁿, then Wales 🏴󠁧󠁢󠁷󠁬󠁳󠁿
Press 1️⃣ or #️⃣?
Is ✔︎ or ✔️ the confirmed sign in the app?
ℹ️ what does this mean ⚠️
Haircut 👩‍🦰 💇‍♀️ charged twice
🅰️🆎 blood donation refund
𠮷野家 charged me ¥900
葛󠄀城市の支店はどこですか
Price was ½ of that – 5 ½ % – “quoted” by ‘Anna’
Temperature of −5 °C broke the ATM
µ-payments under 1 € – any fee?
™ and © cost extra? ®
A soft “hello”… and a long one—dash
Zażółć gęślą jaźń: test przelewu
Line one\\nLine two\\n\\n- item\\n- item
What's the daily limit on contactless? Mine stopped at £100
Can I get a refund if I paid with 'buy now, pay later'?
Two\\tcolumns\\there
`
  .trim()
  .split('\n')
  .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'))

const people = [
  "O'Brien",
  "D'Angelo",
  "N'Golo",
  'St. John-Smythe',
  'Nguyễn',
  'Müller-Lüdenscheidt',
  'Łukasz',
  'Null',
  'Select',
  'Union',
] as const

const requests = [
  (name: string) => `Pay ${name} 40; don't wait`,
  (name: string) => `Who is ${name}? They took $12.00 -- I didn't order anything`,
  (name: string) => `${name}'s transfer hasn't arrived`,
  (name: string) => `Select ${name} or Smith = whichever's first`,
  (name: string) => `Add "${name}" to my payees, and drop "${name} (old)"`,
  (name: string) => `The account isn't mine, it's ${name}'s; update it where needed`,
  (name: string) => `Did ${name} and I agree on 10% -- or 12%? It's in the contract`,
  (name: string) => `Delete ${name} from the union list; create a new one 🙂`,
  (name: string) => `Is '${name}' the name on the card ending 1111?`,
  (name: string) => `Insert ${name} as beneficiary; alter nothing else`,
  (name: string) => `Table for two at ${name}'s was $80 /* not $800 */`,
  (name: string) => `${name} says "select all, drop none" — which fees apply?`,
] as const

/** Each is to come through unchanged. */
export const unchanged: readonly string[] = [
  ...written,
  ...requests.flatMap((request) => people.map((name) => request(name))),
]

/** Each has something that goes, with what stays. */
export const changed: readonly (readonly [string, string])[] = [
  ['  balance?  ', 'balance?'],
  ['What is my\u00A0balance?\r\n', 'What is my\u00A0balance?'],
  ['pasted\u200B from\u200B the web', 'pasted from the web'],
  ['\uFEFFpasted from a file', 'pasted from a file'],
  ['line one\r\nline two\rline three', 'line one\nline two\nline three'],
  ['old\u000Bmail\u000Cclient', 'old\nmail\nclient'],
  ['main\u0085frame', 'main\nframe'],
  ['from a word processor\u2028next line', 'from a word processor\nnext line'],
  ['bell\u0007 and null\u0000', 'bell and null'],
  ['\u001B[31mred\u001B[0m', '[31mred[0m'],
  ['invoice_\u202Efdp.exe', 'invoice_fdp.exe'],
  ['\u2066isolated\u2069', 'isolated'],
  ['soft\u00ADhyphen', 'softhyphen'],
  ['word\u2060joiner', 'wordjoiner'],
  ['pay\u200Dpal', 'paypal'],
  ['pay\u200Cpal', 'paypal'],
  ['left\u200Eto right', 'leftto right'],
  ['letter\uFE0F', 'letter'],
  ['digit 1\uFE0F', 'digit 1'],
  ['half an emoji \uD83D', 'half an emoji'],
  ['not a character \uFFFF\u{1FFFE}', 'not a character'],
  ['hi\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}', 'hi'],
  ['Texas \u{1F3F4}\u{E0075}\u{E0073}\u{E0074}\u{E0078}\u{E007F}', 'Texas \u{1F3F4}'],
  ['Zu\u0308rich', 'Zürich'],
  ['Nguye\u0302\u0303n', 'Nguyễn'],
  ['\u1112\u1161\u11AB', '한'],
  ['Hangul filler \u3164!', 'Hangul filler !'],
  ['\u212B is \u00C5', 'Å is Å'],
  ['\u{1F600}\u{E0100}', '\u{1F600}'],
  ['👍\u200D', '👍'],
]
