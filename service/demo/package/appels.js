// What the exercise says, in both languages: three calls, the bill each is about, and what each answer teaches.
window.appels = {
  fr: {
    step: "Appel {n} sur {of}", answer: "Répondre", next: "Appel suivant", end: "Terminer", choose: "Choisissez une réponse.",
    done: "C'est terminé", score: "Vous avez bien répondu à {n} appels sur {of}. Vous pouvez fermer cette page.",
    calls: [
      {
        title: "Une facture deux fois plus haute",
        said: "« D'habitude je paie 62 €. Là, on me demande 148 €. Vous vous êtes trompés. »",
        bill: [["Consommation estimée, six mois", "372,00 €"], ["Consommation relevée, six mois", "458,00 €"], ["Différence à régler", "86,00 €"], ["Mensualité", "62,00 €"]],
        ask: "Que lui dites-vous d'abord ?",
        choices: [
          ["« Le compteur a été relevé : la différence de six mois est sur cette facture. »", true, "Oui : 62 € de mensualité et 86 € d'écart. La personne voit d'où vient chaque euro."],
          ["« Le prix du kilowattheure a augmenté. »", false, "La facture ne montre aucun changement de prix. Lisez la ligne « Différence à régler »."],
          ["« Je vous propose de payer en plusieurs fois. »", false, "Peut-être, mais plus tard : pour l'instant elle croit à une erreur."],
        ],
      },
      {
        title: "Personne n'a relevé le compteur",
        said: "« C'est écrit estimé. Je suis seul depuis mai, je consomme moitié moins. »",
        bill: [["Consommation estimée, deux mois", "124,00 €"], ["Abonnement, deux mois", "28,00 €"], ["Total", "152,00 €"]],
        ask: "Que proposez-vous ?",
        choices: [
          ["Prendre son relevé maintenant, et refaire la facture.", true, "Oui : un relevé donné par téléphone remplace l'estimation le jour même."],
          ["Attendre le prochain passage du releveur.", false, "Il paierait deux mois de trop en attendant, alors que vous pouvez agir tout de suite."],
          ["Baisser l'abonnement.", false, "L'abonnement dépend de la puissance, pas du nombre de personnes."],
        ],
      },
      {
        title: "Payer sans rien consommer",
        said: "« La maison est vide depuis un an, et vous me facturez quand même. »",
        bill: [["Consommation relevée, deux mois", "0,00 €"], ["Abonnement, deux mois", "28,00 €"], ["Total", "28,00 €"]],
        ask: "Comment l'expliquez-vous ?",
        choices: [
          ["L'abonnement garde la ligne ouverte. Si la maison reste vide, le contrat peut s'arrêter.", true, "Oui : c'est clair, et cela lui laisse le choix."],
          ["C'est le minimum légal.", false, "Ce n'est pas une règle de droit, et cela ferme la conversation."],
          ["Le compteur consomme un peu même à vide.", false, "La facture dit 0,00 € de consommation : regardez la ligne d'abonnement."],
        ],
      },
    ],
  },
  en: {
    step: "Call {n} of {of}", answer: "Answer", next: "Next call", end: "Finish", choose: "Choose an answer.",
    done: "All done", score: "You answered {n} of {of} calls well. You may close this page.",
    calls: [
      {
        title: "A bill twice as high",
        said: "“I usually pay €62. Now you ask for €148. You have made a mistake.”",
        bill: [["Estimated consumption, six months", "€372.00"], ["Consumption read, six months", "€458.00"], ["Difference to pay", "€86.00"], ["Monthly payment", "€62.00"]],
        ask: "What do you say first?",
        choices: [
          ["“The meter was read: the difference of six months is on this bill.”", true, "Yes: €62 of monthly payment and €86 of difference. The person sees where each euro comes from."],
          ["“The price per kilowatt hour has gone up.”", false, "The bill shows no change of price. Read the line “Difference to pay”."],
          ["“I can offer you a payment plan.”", false, "Perhaps, but later: for now they believe it is a mistake."],
        ],
      },
      {
        title: "Nobody has read the meter",
        said: "“It says estimated. I have lived alone since May and use half as much.”",
        bill: [["Estimated consumption, two months", "€124.00"], ["Standing charge, two months", "€28.00"], ["Total", "€152.00"]],
        ask: "What do you offer?",
        choices: [
          ["Take his reading now, and make the bill again.", true, "Yes: a reading given by phone replaces the estimate the same day."],
          ["Wait for the next visit of the meter reader.", false, "He would overpay for two months, although you can act at once."],
          ["Lower the standing charge.", false, "The standing charge depends on the power supplied, not on the number of people."],
        ],
      },
      {
        title: "Paying without using anything",
        said: "“The house has been empty for a year, and still you bill me.”",
        bill: [["Consumption read, two months", "€0.00"], ["Standing charge, two months", "€28.00"], ["Total", "€28.00"]],
        ask: "How do you explain it?",
        choices: [
          ["The standing charge keeps the line open. If the house stays empty, the contract can end.", true, "Yes: it is clear, and leaves the choice with them."],
          ["It is the legal minimum.", false, "No law says so, and it closes the conversation."],
          ["The meter uses a little even when nothing is on.", false, "The bill says €0.00 of consumption: look at the standing charge."],
        ],
      },
    ],
  },
};
