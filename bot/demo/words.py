"""What the people of the demo's past weeks told, invented for it."""

MOMENTS = (
    "Een oudere bewoner vertelde over de flat van vroeger. De zaal werd stil. Ik dacht: dit moet de gemeente horen.",
    "Twee jongeren schoven later aan. Eerst wilde niemand opschuiven. Daarna maakten drie vrouwen plaats.",
    "De wijkagent vroeg wie hij het vaakst belt. Een bewoner zei: mijn buurvrouw, niet u. Er werd gelachen.",
    "Iemand liep weg toen het over schulden ging. Ik liep mee naar buiten. We stonden daar tien minuten.",
    "De ambtenaar tekende de route van het groen op tafel. Bewoners pakten zelf de stift.",
    "Een vrijwilliger zei dat ze moe is. Niemand had dat eerder gevraagd. Ik voelde me ongemakkelijk.",
    "De koffie was op en toch bleef iedereen zitten. We spraken over wie er niet was.",
    "Een moeder vertaalde voor haar buurman. Zo kwam zijn vraag toch op tafel.",
)
FRICTIONS = (
    "Ik wilde het vertrouwen houden en moest toch iets delen met het wijkteam. Ik heb eerst gevraagd of dat mocht.",
    "De regels zeggen één aanvraag per straat. De bewoners hadden er drie. Ik heb niets beloofd.",
    "De organisatie wilde namen. Ik gaf alleen het aantal. Dat leverde een lastig gesprek op.",
    "Handhaven of helpen: de boa wilde meteen optreden. Ik vroeg om een week. Dat heb ik bewust gedaan.",
)
NEXT = (
    "Ik bel de woningcorporatie over de lampen. De bewonersgroep moet dat weten.",
    "De volgende keer eerst koffie bij de jongeren. Mijn collega gaat mee.",
    "Afspreken wie de notulen deelt. De gemeente moet weten dat dit nog open staat.",
    "Ik vraag de huisarts om aan te schuiven.",
)
NEIGHBOURHOODS = {
    "amsterdam": ("Noord", "Bijlmer"),
    "rotterdam": ("Feijenoord", "Charlois"),
    "den-haag": ("Schilderswijk", "Moerwijk"),
    "utrecht": ("Overvecht", "Kanaleneiland"),
    "leiden": ("Slaaghwijk", "De Kooi"),
    "nijmegen": ("Dukenburg", "Hatert"),
    "almere": ("Haven", "Stedenwijk"),
    "tilburg": ("Groenewoud", "Stokhasselt"),
}
TITLES = ("Groen in de straat", "Wie belt wie", "Veilig naar huis", "Jong en oud aan tafel", "Het plein van ons")
NAMES = ("Noor", "Youssef", "Lieke", "Samir", "Femke", "Deniz", "Marit", "Jaap")
