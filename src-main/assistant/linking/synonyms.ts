import { stemOf } from './words';

/** Everyday words that people and schemas use for the same thing; general ones only, since a schema's own words stand in its comments and notes. */
const GROUPS = `
person people individual human citizen member
customer client buyer consumer shopper guest purchaser
employee staff worker personnel colleague
user account member login
manager boss supervisor head chief leader
teacher instructor professor lecturer faculty tutor
student pupil learner enrollee
doctor physician
patient case
author writer
singer artist musician performer
player athlete competitor contestant
team club squad side
match game fixture bout
tournament championship league competition contest
course class subject module lesson
school university college institution academy campus
department dept division unit faculty
company firm corporation enterprise business organization organisation employer
vendor supplier seller merchant
manufacturer maker producer brand
product item article good merchandise
order purchase sale
invoice bill
payment transaction charge
shipment delivery shipping
store shop outlet branch
category type kind sort class group genre
car vehicle automobile auto
plane airplane aircraft jet
airline carrier
flight trip
ship boat vessel
train railway rail
movie film picture
song track music
show program programme series
city town municipality
country nation state
county district region area
street road avenue address
location place site venue position
house home building property apartment
room suite
phone telephone mobile cell
email mail
price cost fee charge amount
salary wage pay income earning compensation
money amount balance fund
budget spending expense cost
loan credit debt
birthday birth birthdate born dob
death died dead
age old young year
name title called named
date day time when
year annual yearly
month monthly
begin start commence from opening
end finish stop to close closing
weight heavy heavier heaviest
height tall taller tallest
length long longer longest duration
size large big small
population inhabitant resident
language spoken speak
rank ranking position standing
score point goal mark grade result
rating review star
win winner won victory
lose loser lost defeat
job occupation profession position work
document paper file record
article publication paper journal
book volume
comment remark note message
picture photo image
friend friendship
like favorite favourite
pet animal dog cat
degree diploma
nationality citizenship
gender sex male female man woman
married marriage spouse husband wife
crime offence offense
accident crash injury injured
disease illness diagnosis condition
drug medicine medication
test exam examination
apartment flat
hire hired recruit employ
live living reside resident
teach taught teaching
attend attended attendance
enroll enrolled enrollment enrolment register registration registered
visit visitor visited
buy bought purchase purchased order ordered
sell sold sale
make made produce produced manufacture
own owner owned
direct director directed
write written wrote
play played playing
participate participant participated participation attend
graduate graduation graduated
travel trip journey
lesson class
code abbreviation symbol
`;

const groups = new Map<string, ReadonlySet<string>>();
for (const line of GROUPS.trim().split('\n')) {
  const stems = line.split(' ').map(stemOf);
  for (const stem of stems) groups.set(stem, new Set([...(groups.get(stem) ?? []), ...stems.filter((other) => other !== stem)]));
}

/** Stems of words that may be meant by this stem. */
export function synonymsOf(stem: string): ReadonlySet<string> {
  return groups.get(stem) ?? new Set();
}
