/** Words that customers use for one another; each is read as the first of its line. Compared before stemming. */
const groups = `
machine atm atms cashpoint cashpoints dispenser
travel holiday holidays vacation trip trips journey
salary wage wages paycheck
child kid kids son daughter children teenager junior
relative mother father mum dad parent parents grandmother grandfather husband wife family
death die died dead deceased
refuse refused refuses decline declined declines reject rejected rejection
raise increase higher bigger
extra additional
choose pick select
forgotten forgot remember forget
wallet purse
theft stolen steal stole thief thieves robbed
phone mobile smartphone iphone telephone cellphone hotline
home house flat apartment
damaged broken snapped cracked bent torn
fee fees charge charges cost costs price
alert alerts notification notifications warning push
groceries food supermarket
outage disturbance
shop merchant seller store retailer
approve confirm
abroad overseas
bankrupt insolvent
blind sight
identity identification id
close quit terminate
person human
buy bought purchase purchases purchased
papers documents document paperwork
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '))

/** From a word to the one it is read as; a word that is not here stands for itself. */
export const synonyms: ReadonlyMap<string, string> = new Map(
  groups.flatMap(([canonical = '', ...others]) => others.map((other) => [other, canonical] as const)),
)
