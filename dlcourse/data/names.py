"""Names as data: given names, capitals, chemical elements. Facts, written down here, so no network is needed.

The given names are in use in many languages, and were written down from general knowledge, in no order of rank: no
register was copied. The capitals are those of one word, of member states of the United Nations; the elements are the
118 of the International Union of Pure and Applied Chemistry. All are spelled with the letters a to z.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from dlcourse.calls import explained
from dlcourse.dataset import Dataset
from dlcourse.errors import ArgumentError, DataError, WrongTypeError, check_whole, joined

__all__ = ["LETTERS", "names", "spelled"]

LETTERS = 27
"""The end of a name, which is 0, and a to z, which are 1 to 26."""


@explained
def names(which: str = "given") -> tuple[str, ...]:
    """Real names in small letters, in alphabetical order: "given" names, "capitals", or chemical "elements".

    Parameters
    ----------
    which : "given", "capitals" or "elements"

    Returns
    -------
    tuple of str

    Raises
    ------
    ArgumentError
        If there is no such list.

    Examples
    --------
    >>> len(names()), len(names("elements")), names("capitals")[:3]
    (2162, 118, ('abuja', 'accra', 'algiers'))
    """
    if which not in _LISTS:
        raise ArgumentError(f"names: there is no list {which!r}, there are {joined(_LISTS)}.")
    return tuple(sorted(_LISTS[which].split()))


@explained
def spelled(words: Iterable[str], *, length: int | None = None) -> Dataset:
    """Names as sequences for a network that says, after each letter, which comes next.

    Parameters
    ----------
    words : names of the letters a to z
    length : int, optional
        Steps T, one more than the longest name unless given.

    Returns
    -------
    Dataset
        x (N, T, 27) one-hot: the letter that is read; the first is the end mark 0, which stands before a name too.
        y (N, T): the number of the letter that comes next, 0 where the name ends, and −1 in the padding after that.

    Raises
    ------
    DataError
        If a name is empty, has other letters, or is too long for T steps.
    WrongTypeError
        If the names are one text instead of a list.

    Examples
    --------
    >>> pair = spelled(["ab", "c"])
    >>> pair.x.shape, pair.y.tolist()
    ((2, 3, 27), [[1, 2, 0], [3, 0, -1]])
    """
    if isinstance(words, str):
        raise WrongTypeError("spelled: a list of names is expected, spelled(['anna', 'otto']), and this is one text.")
    words = list(words)
    longest = max((len(str(word)) for word in words), default=0)
    steps = longest + 1 if length is None else check_whole("spelled", "length", length)
    read, follows = np.zeros((len(words), steps), np.int64), np.full((len(words), steps), -1)
    for row, word in enumerate(words):
        numbers = _numbers(word)
        if len(numbers) >= steps:
            raise DataError(f"spelled: {word!r} and its end are {len(numbers) + 1} steps, and there are only {steps}.")
        read[row, 1 : len(numbers) + 1] = numbers
        follows[row, : len(numbers) + 1] = [*numbers, 0]
    return Dataset(np.eye(LETTERS, dtype=np.float32)[read], follows, name="names")


def _numbers(word: Any) -> list[int]:
    if not isinstance(word, str) or not word or not all("a" <= letter <= "z" for letter in word):
        raise DataError(f"spelled: names of the small letters a to z are expected, such as 'zoe'; this is {word!r}.")
    return [ord(letter) - 96 for letter in word]


_GIVEN = """
aaliyah aaron abdul abel abigail abraham ada adam adela adelaide adele adeline adrian adriana adrienne agatha agnes
agnieszka ahmad ahmed aida aidan aiko aileen aisha aiyana akash akemi akira alan alana alaric alasdair alba albert
alberta alberto aldo alejandra alejandro aleksander alena alessandra alessandro alessia alex alexa alexander
alexandra alexandre alexia alexis alfonso alfred alfredo algernon ali alice alicia alina alisha alison alistair
allan allegra allen allison alma alois aloysius alvaro alvin alyssa amadeus amal amalia amanda amara amare amber
ambrose amelia amelie amina amir amira amit amita amos amy ana anais anand anastasia anatole anders andre andrea
andreas andrei andres andrew andrzej aneta angel angela angelica angelina angelo angus anika anil anisha anita anja
anjali ann anna annabel annabelle anne anneke annelise annette annika anouk ansel anselm anthea anthony antje
antoine antoinette anton antonella antonia antonio anwar anya april arabella archibald ariadne ariana ariane arianna
arie ariel arjun arlene arlo armand armando arnaud arne arnold artem arthur arturo arvid asa asha ashley ashok
ashton asif asma aspen astrid athena atticus aubrey audrey august augusta augustin augustus aurelia aurelio aurora
austin ava avery avi axel ayesha aylin azalea barbara barnabas barnaby barry bart bartholomew bartosz basil bastian
beata beatrice beatrix beatriz becca beckett belinda bella ben benedict benicio benita benito benjamin bennett
benoit bentley bernadette bernard bernardo bernd bernice bert bertha bertram bertrand beryl bess beth bethany betsy
betty beverly bianca bilal birgit bjorn blaine blair blaise blake blanca blanche bo bob bonnie boris brad bradley
brady brandon branislav branka brenda brendan brenna brent brett brian briana bridget brigitte britney britta brock
brody bronte bronwen brooke bruce bruna brunhilde bruno bryan bryce bryony byron cadence caesar caitlin caleb callum
calvin cameron camila camilla camille candace candice cara carina carl carla carlo carlos carlotta carmel carmela
carmen carol carola carole carolina caroline carolyn carrie carson carter casey casimir caspar cassandra cassidy
cassius catalina caterina catherine cathy cecil cecile cecilia cedric celeste celestine celia celine cesar chad
chandra chantal charity charlene charles charlie charlotte chelsea chen cherie cheryl chester chiara chidi chika
chiyo chloe chris christa christelle christian christiane christina christine christoph christopher ciara cillian
cindy claire clara clarence clarice clarissa clark claude claudette claudia claudio claus clay clement clementine
cleo cliff clifford clint clinton clive clovis cody colette colin colleen conan connie connor conor conrad constance
constantin cora coral cordelia corey corinna corinne cornelia cornelius cosima cosimo courtney craig crispin
cristina cristobal crystal curtis cynthia cyril cyrus dagmar dagny dahlia daisy dakota dale dalia damian damien
damon dan dana daniel daniela danielle danilo danuta daphne dara daria dario darius darlene darrell darren daryl
dave david davide dawn dean deanna debbie deborah declan deepa deepak deirdre delia delilah della delphine demetrius
denis denise dennis denver denzel derek dermot desdemona desiree desmond devon dexter dhruv diana diane dick diego
dieter dietrich dimitri dina dinah dirk dmitri dolores domingo dominic dominik dominique don donald donatella donna
donovan dora doreen doris dorota dorothea dorothy douglas drew duncan dustin dwayne dylan eamon earl ebba ebenezer
ebony eckhart eddie edeltraud edgar edith edmund edna edouard eduardo edward edwin edwina effie egon eileen einar
elaine elba eldon eleanor electra elena eleni elfriede eli elia elias elijah elin elina elinor eliot elisa elisabeth
elise elisha eliza elizabeth ella ellen ellie elliott elmer elodie eloise elsa elsie elspeth elton elvira elvis
elwood emanuel emerson emery emil emile emilia emiliano emilie emilio emily emma emmanuel emmett enid enoch enrico
enrique enzo ephraim erasmus eric erica erich erika erin erling ernest ernestine ernesto ernst erwin esme esmeralda
esperanza esteban estelle esther ethan ethel etienne eugene eugenia eugenie eunice eva evan evangeline eve evelyn
everett ewa ewan ezekiel ezra fabian fabio fabiola fabrice fabrizio fadi faith fannie farah farid fatima fay
federica federico felicia felicity felipe felix ferdinand fergus fernanda fernando fidel filip filippa filippo
finlay finn finnegan fiona flavia flavio fleur flora florence florian florin floyd forrest frances francesca
francesco francine francis francisca francisco franco francois francoise frank franklin franz franziska fred freda
freddie frederica frederick frederik freya frida frieda friedrich fritz fumiko gabriel gabriela gabriella gabrielle
gail gareth garrett garth gary gaspar gaston gavin gemma gene genevieve geoffrey george georges georgia georgina
gerald geraldine gerard gerda gerhard germaine gertrude gianna gianni gideon gilbert gilda giles gillian gina ginger
gino giorgia giorgio giovanna giovanni gisela giselle gita gitta giulia giulio giuseppe gladys glen glenda gloria
godfrey gonzalo gordon grace gracie graciela graham grant greg gregor gregory greta gretchen griffin griselda
guadalupe gudrun guido guillaume guillermo gunnar gunther gus gustav gustavo guy gwen gwendolyn gwyneth habib
hadrian hailey hakan hakim haley hamid hamish hamza hana hank hanna hannah hannelore hannes hans harald hari harley
harold haroon harper harriet harrison harry haruki haruto harvey hasan hassan hattie hazel heather hector hedda
hedwig heidi heike heinrich heinz helen helena helene helga helmut hendrik henri henrietta henrik henry herbert
herman hermann hermine hermione hernando hilary hilda hildegard hiram hiroko hiroshi holger holly homer honor honora
hope horace horatio horst howard hubert hugh hugo humberto humphrey hussein hyacinth ian ibrahim ichiro ida idris
ignacio igor ike ikram ilana ilaria ilia ilona ilse iman imani imogen imran ina indira ines inga inge ingeborg
ingmar ingo ingrid ioana iona ira irena irene irina iris irma irving irwin isaac isabel isabella isabelle isadora
isaiah isak isamu ishaan ishmael isidora isidore ismael isolde israel istvan itzel ivan ivana ivo ivonne ivor ivy
jack jackie jackson jacob jacqueline jacques jade jaime jake jakob jakub jamal james jamie jan jana jane janelle
janet janice janina janis jared jarek jarrod jarvis jasmine jason jasper javier jay jaya jayden jean jeanette jeanne
jeff jefferson jeffrey jelena jemima jenna jennifer jenny jens jeremiah jeremy jerome jerry jesper jess jesse
jessica jessie jethro jill jillian jim jimmy jin jiro jo joachim joan joana joanna joanne joao joaquin jocelyn jodie
joe joel joelle joey johan johann johanna johannes john johnny jolanda jolene jonah jonas jonathan jordan jorge
jorgen josef josefina joseph josephine josh joshua josiah josie joy joyce juan juana juanita judah judith judy jules
julia julian juliana julianne julie julien juliet juliette julio julius june junko jupp jurgen justin justina
justine justus jutta kai kaito kamal kamala kamil kamila kara karen karim karin karina karl karla karol karolina
karsten kasia kaspar kate katerina katharina katherine kathleen kathryn kathy katia katie katja katrin katrina kay
kayla kazuki kazuo keiko keira keith kelly kelsey kelvin kemal ken kendall kendra kenji kenneth kenny kenta kenya
kenzo kerry kerstin kevin khadija khalid kieran kiki kim kimberly kiran kirk kirsten kirsty kit kiyoshi klara klaus
knut kofi koji konrad konstantin kris krishna kristen kristian kristina kristof krystyna krzysztof kumar kunal kurt
kwame kyle kylie kyra lacey lachlan laila lakshmi lalita lambert lana lance landon lara larissa larry lars lasse
laszlo latifa laura laurel lauren laurence laurent lauretta laurie lavender lavinia lawrence lea leah leander
leandro lech leda lee leif leigh leila leland lemuel lena lennart lennox lenora leo leon leona leonard leonardo
leonie leonora leopold leroy leslie lester leticia letizia levi lewis lexi li lia liam liana libby lidia lien liesel
lila lilian liliana lilith lillian lily lina lincoln linda lindsay linus lionel lisa lisbeth liselotte livia liz
liza lloyd logan lois lola lorelei loren lorena lorenz lorenzo loretta lori lorna lorraine lothar lottie lou louis
louisa louise lourdes luca lucas lucia lucian luciana luciano lucien lucile lucinda lucius lucrezia lucy ludmila
ludovic ludwig luigi luis luisa luka lukas luke lulu luna luther lydia lyla lyle lynette lynn lyra mabel maddox
madeleine madeline madge madison mads mae maeve magda magdalena maggie magnus mahmoud maia maja malachi malcolm
malik malin mallory malte mandy manfred manon manuel manuela mara marc marcel marcela marcella marcello marcia
marcin marco marcos marcus margaret margarita margaux margit margot marguerite maria mariah mariam marian mariana
marianne maribel marie mariella marijke marika marilyn marina mario marion marisa marisol marissa marit marius
marjorie mark marko markus marla marlene marlis marlon marsha marshall marta martha martin martina marvin mary
maryam masako masha mason massimo mateo mateusz mathias mathilda mathilde mathis matilda matteo matthew matthias
mattias maud maura maureen maurice mauricio mauro maverick mavis max maxim maxime maximilian maxine maxwell maya
meera megan megumi mehmet mei mel melanie melba melina melinda melissa melody melvin mercedes mercy meredith merlin
mervyn mia micah michael michal michel michela michele michelle midori miguel mihai mika mikael mike mikhail mila
milan milana mildred milena miles millicent millie milo milos milton mimi mina minako minerva ming minna minnie mira
mirabel miranda mirela miriam mirjam mirko miroslav misaki mitchell miyuki mohamed mohan moira moises molly mona
monica monika monique monty mordecai morgan moritz morris morten moses muhammad muriel murray mustafa myles myra
myriam myrna myrtle nabil nadia nadine nadja nahla naima nancy nanette naomi napoleon narendra nash nasir nasrin
natalia natalie natasha nathalie nathan nathaniel navid neal ned neel neil nell nellie nelly nelson nerissa nestor
nettie neville newton nia niall niamh nicholas nick nicky nico nicola nicolas nicole nicoletta niels nigel nikhil
nikita niklas nikola nikolai nikolaus nils nina nisha nita noah noam nobuko noel noelle noemi nolan nora norbert
noreen noriko norma norman norton nuno nuria nyla ocean octavia octavio octavius oda odette odilia odin odysseus
olaf oleg olena olga olive oliver olivia olivier ollie olof olympia omar ondine ophelia oriana oriol orion orlando
orson orville osama oscar oskar osman oswald otis otmar otto owen pablo paige palmer paloma pamela pandora paola
paolo parker pascal pascale pat patience patricia patricio patrick patrizia patrycja patty paul paula paulette
paulina pauline paulo pavel pawel pearl pedro peggy penelope penny percival percy pernille perry pete peter petra
petronella petros petunia phil philip philipp philippa philippe philomena phineas phoebe phyllis pia pierce pierre
pietro pilar piotr piper pippa placido polly poppy portia prabhu pradeep preston primrose priscilla priya prudence
quentin quincy quinn quintus rachel radek rafael rafaela raffaella rafiq raghav rahel rahim rahul rainer raisa raj
raja rajesh ralf ralph ramon ramona randall randolph randy rani raoul raphael raquel rashid rashida raul ravi ray
raymond rebecca reece reed regina reginald reiko reiner reinhard reinhold remi remus remy renata renate rene renee
reuben rex rhea rhett rhiannon rhoda rhona rhys ria ricarda ricardo riccardo richard rick ricky rigoberto riley rina
rita river roald rob robbie robert roberta roberto robin rocco rochelle roderick rodney rodolfo rodrigo rogelio
roger rohan roland rolando rolf romain roman romeo romy ron ronald ronan ronja ronnie rory rosa rosalba rosalie
rosalind rosamund rosanna roscoe rose rosemarie rosemary rosetta rosie ross roswitha rowan rowena roxana roxanne roy
ruben ruby rudi rudolf rudolph rudy rufus rupert russell rusty ruth ryan ryo ryu sabina sabine sabrina sadako sade
sadie saeed sage said sakura salim sally salman salome salvador salvatore sam samantha samir samira sammy samson
samuel sandeep sandra sandro sandy sanjay santiago sara sarah sasha saskia satoko satoshi saul savannah scarlett
scott sean sebastian sebastien selena selina selma selwyn serena serge sergei sergio seth severin severine seymour
shakira shana shane shania shannon sharif sharon shaun shauna shawn sheena sheila shelby sheldon shelley sherlock
sherman sherry shigeru shinji shirin shirley shiv sibyl sidney siegfried sienna sierra sigmund signe sigrid silas
silke silvana silvester silvia silvio simeon simon simona simone sinead siobhan skye skylar sofia sofie solange
soledad solomon sonia sonja sonny sophia sophie soren spencer stacey stan stanislav stanley stefan stefania stefanie
stefano stella stephan stephanie stephen steve steven stewart stig stuart sue suki sulaiman sultan sumiko summer
sunil sunita suresh susan susana susanna susanne susie suzanne sven svenja svetlana swati sybil sydney sylvain
sylvester sylvia sylvie tabea tabitha tadeo taka takashi takeshi talia tamara tamika tammy tamsin tania tanja tanner
tanya tara tariq taro tarquin tasha tatiana tatjana tatum taylor ted teddy terence teresa terry tess tessa thaddeus
thalia thandi thea thekla thelma theo theodor theodora theodore theresa therese thibault thierry thilo thomas thor
thora thorsten thurston tia tiago tiana tibor tiffany tilda tilly tim timo timon timothy tina tino titus tobias
tobin toby todd tom tomas tomasz tommaso tommy tomoko tony tonya topaz tor torben tori toshi tove tracy travis trent
trevor tricia trina trinity tristan troy trudy tucker tula turner tyler tyra tyrone tyson ugo uli ulla ulrich ulrike
ulysses uma umar umberto una unity uriah uriel ursa ursula usha ute uwe val valentin valentina valentino valeria
valerie valery vanessa vasco vasil vaughn velma vera verena verity vernon veronica veronika veronique vicente vicki
victor victoria vidya vijay viktor viktoria vilma vince vincent vincenzo viola violet violeta violetta virgil
virginia vishal vita vito vittoria vittorio viveca vivek vivian vivien vivienne vlad vladimir volker wade walburga
waldemar walid wallace wally walter wanda warren warwick wassily waylon wayne wendelin wendell wendy werner wesley
whitney wilbur wilfred wilhelm wilhelmina will willa willard willem william willie willis willow wilma wilson
winifred winnie winona winston wolfgang woodrow wren wyatt xander xanthe xaver xavier xenia xiao ximena yael yago
yan yana yannick yara yasmin yasuko yoko yolanda yosef yoshi yuki yukio yumi yuri yusuf yuto yves yvette yvonne
zachary zahra zainab zane zara zelda zelma zena zeno zenobia zeynep zita zoe zofia zola zora zoran zsofia zuleika
zuri zuzana
"""

_CAPITALS = """
abuja accra algiers amman amsterdam andorra ankara antananarivo apia ashgabat asmara astana asuncion athens baghdad
baku bamako bangkok bangui banjul basseterre beijing beirut belgrade belmopan berlin bern bishkek bissau bogota
brasilia bratislava brazzaville bridgetown brussels bucharest budapest bujumbura cairo canberra caracas castries
chisinau colombo conakry copenhagen dakar damascus dhaka dili djibouti dodoma doha dublin dushanbe freetown funafuti
gaborone georgetown gitega harare havana helsinki honiara islamabad jakarta juba kabul kampala kathmandu
khartoum kigali kingston kingstown kinshasa kyiv libreville lilongwe lima lisbon ljubljana lome london luanda lusaka
luxembourg madrid majuro malabo male managua manama manila maputo maseru mbabane minsk mogadishu monaco monrovia
montevideo moroni moscow muscat nairobi nassau naypyidaw ndjamena niamey nicosia nouakchott oslo ottawa ouagadougou
palikir panama paramaribo paris podgorica prague praia pretoria pyongyang quito rabat reykjavik riga riyadh
rome roseau santiago sarajevo seoul singapore skopje sofia stockholm sucre suva tallinn tarawa tashkent
tbilisi tegucigalpa tehran thimphu tirana tokyo tripoli tunis ulaanbaatar vaduz valletta victoria vienna vientiane
vilnius warsaw washington wellington windhoek yamoussoukro yaounde yaren yerevan zagreb
"""

_ELEMENTS = """
hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium aluminium silicon
phosphorus sulfur chlorine argon potassium calcium scandium titanium vanadium chromium manganese iron cobalt nickel
copper zinc gallium germanium arsenic selenium bromine krypton rubidium strontium yttrium zirconium niobium
molybdenum technetium ruthenium rhodium palladium silver cadmium indium tin antimony tellurium iodine xenon caesium
barium lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium terbium dysprosium holmium
erbium thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium platinum gold mercury thallium
lead bismuth polonium astatine radon francium radium actinium thorium protactinium uranium neptunium plutonium
americium curium berkelium californium einsteinium fermium mendelevium nobelium lawrencium rutherfordium dubnium
seaborgium bohrium hassium meitnerium darmstadtium roentgenium copernicium nihonium flerovium moscovium livermorium
tennessine oganesson
"""

_LISTS = {"given": _GIVEN, "capitals": _CAPITALS, "elements": _ELEMENTS}
