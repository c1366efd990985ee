"""A spelling-insensitive copy of a word, for understanding only. What was written is kept as it was written.

Children write "wanna tlk 2 sum1 abt skool". The copy brings the commonest of these to one form, so that the classifier
meets the same word however it was spelt. What is not listed here is left to the letter n-grams of the pipeline.
"""

from __future__ import annotations

import re
import unicodedata

_LONG_VOWEL = re.compile(r"([oe])\1{2,}")
_LONG_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]")

_SHORT = """
u=you ya=you yu=you ur=your urs=yours yr=your r=are m=am im=am ive=have iv=have id=would ill=will
n't=not nt=not 'm=am 're=are 've=have 'll=will 'd=would
2=to 4=for b=be c=see k=ok kk=ok y=why n=and nd=and &=and w=with wiv=with wif=with wit=with wth=with
cuz=because cus=because coz=because bcos=because bc=because cos=because becos=because becuz=because
wot=what wat=what wht=what wots=what wats=what wen=when wher=where wer=where hoo=who hu=who
ppl=people peeps=people sum1=someone some1=someone sumone=someone any1=anyone ne1=anyone every1=everyone evry1=everyone
sumthing=something sumfin=something somethin=something sthing=something smth=something sth=something summat=something
nuthin=nothing nothin=nothing nuffin=nothing nufin=nothing nufink=nothing
tlk=talk tork=talk talkin=talking tel=tell tll=tell sed=said sez=says
wanna=want wana=want wnt=want wont=will gonna=going gona=going gunna=going gotta=got
pls=please plz=please plse=please thx=thanks thnx=thanks tnx=thanks thanx=thanks thks=thanks ty=thanks fanks=thanks ta=thanks tysm=thanks
thankyou=thanks thank=thanks
abt=about bout=about bowt=about b4=before l8r=later l8=late gr8=great m8=mate h8=hate h8s=hate luv=love lov=love
skool=school scool=school skl=school scl=school sw=worker wrkr=worker worka=worker iro=reviewer
mtg=meeting meting=meeting meetin=meeting revew=review reveiw=review rview=review reviw=review
hlp=help halp=help elp=help helpp=help
dunno=know dno=know idk=know idc=care
yh=yes yeh=yes yeah=yes yea=yes yep=yes yup=yes yeahh=yes ye=yes yass=yes yas=yes ok=okay okk=okay
nah=no nope=no naa=no na=no noo=no nahh=no
hiya=hi hiyaa=hi hey=hi heya=hi heyy=hi hii=hi helo=hello ello=hello hallo=hello
byee=bye cya=bye bb=bye bibi=bye tata=bye
wos=was woz=was dis=this dat=that da=the de=the teh=the dey=they dem=them dere=there
soo=so sooo=so rly=really rlly=really realy=really rele=really
frend=friend frends=friends m8s=mates bro=brother sis=sister
mum=mum mam=mum mom=mum mummy=mum da'd=dad daddy=dad
tmrw=tomorrow tmr=tomorrow 2moro=tomorrow tomoz=tomorrow tomorow=tomorrow 2nite=tonight tonite=tonight 2day=today
ov=of off=off im'a=going ima=going lemme=let gimme=give dunna=know
"""

_KNOWN: dict[str, str] = dict(pair.split("=", 1) for pair in _SHORT.split())


def plain_spelling(word: str) -> str:
    """The word as most people would spell it: "SKOOOL" and "skool" become "school". Never empty unless the word is invisible."""
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", word)).lower().replace("\u2019", "'")
    if folded in _KNOWN:
        return _KNOWN[folded]
    shorter = _LONG_LETTER.sub(r"\1", _LONG_VOWEL.sub(r"\1\1", folded))
    return _KNOWN.get(shorter, shorter)
